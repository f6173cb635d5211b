import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { gatewayDefinition } from '../../apps/gateway/src/gateway.definition.ts';
import { gatewaySchemas } from '../../apps/gateway/src/gateway.schemas.ts';
import { SpanCapture } from './telemetry-capture.fixture.ts';

/** What must never leave by a log, a trace or a metric. Each is unmistakable, so that finding it is finding a leak. */
const canaries = {
  email: `canary-${randomUUID()}@example.com`,
  phone: `+4930${BigInt(`0x${randomBytes(5).toString('hex')}`)}`,
  name: `Canary-${randomUUID()}`,
  shopSecret: `shop-${randomUUID()}`,
  appSecret: `app-${randomUUID()}`,
  shippoToken: `token-${randomUUID()}`,
  wrongToken: `wrong-${randomUUID()}`,
  wrongSignature: randomBytes(32).toString('base64'),
  vaultKey: randomBytes(32).toString('base64'),
};
const address = { first_name: canaries.name, email: canaries.email, phone: canaries.phone };
const written: string[] = [];

let spans: SpanCapture;
let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let issuer: IssuerFixture;
let folder: string;
let service: RunningService;
let bearer: string;
let tenantId: string;
let shopId: string;
let shippoId: string;

beforeAll(async () => {
  spans = new SpanCapture();
  [database, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
  folder = mkdtempSync(join(tmpdir(), 'no-leak-'));
  const keyFile = join(folder, 'key.json');
  writeFileSync(keyFile, JSON.stringify(issuer.key));
  const config = loadConfig(gatewayDefinition.config, {
    DATABASE_URL: await database.migrateService('gateway', gatewaySchemas), KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix,
    REDIS_URL: requireTestServer('TEST_REDIS_URL'), PORT: '0', INTERNAL_PORT: '0', PUBLIC_URL: 'https://hub.example.com',
    VAULT_KEYS: `test:${canaries.vaultKey}`, AUTH_ISSUER_URL: issuer.url, SERVICE_CLIENT_KEY_FILE: keyFile, HUBSPOT_CLIENT_SECRETS: canaries.appSecret,
    CRM_HUBSPOT_URL: 'http://127.0.0.1:9', CRM_SALESFORCE_URL: 'http://127.0.0.1:9', CRM_PIPEDRIVE_URL: 'http://127.0.0.1:9', CRM_DYNAMICS_URL: 'http://127.0.0.1:9', CRM_ZOHO_URL: 'http://127.0.0.1:9',
    ORDERS_URL: 'http://127.0.0.1:9', SHIPPING_URL: 'http://127.0.0.1:9', ATTRIBUTION_URL: 'http://127.0.0.1:9', SYNC_URL: 'http://127.0.0.1:9', JOURNAL_URL: 'http://127.0.0.1:9',
  });
  admin = await database.connectAsAdmin('gateway');
  const capture = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  service = await startService(gatewayDefinition, config, createLogger('gateway', 'trace', capture));
  bearer = await issuer.sign({ claims: { aud: 'gateway', scope: 'tenant:any tenants:manage connections:write orders:read' } });
  tenantId = await create('/v1/tenants', { slug: 'canary', name: 'Canary' });
  shopId = await create('/v1/connections', { vendor: 'woocommerce', accountId: 'https://shop.example.com', credentials: { webhook_secret: canaries.shopSecret } });
  shippoId = await create('/v1/connections', { vendor: 'shippo', accountId: 'canary', credentials: { webhook_token: canaries.shippoToken } });
  await create('/v1/connections', { vendor: 'hubspot', accountId: '4711', credentials: { refresh_token: canaries.appSecret } });
});

afterAll(async () => {
  await service.stop();
  await issuer.stop();
  rmSync(folder, { recursive: true });
  await topics.drop();
  await database.drop();
  await spans.stop();
});

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const answer = await service.app.inject({ method: 'POST', url, payload: body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.statusCode, text: answer.body };
}

function asCaller(): Record<string, string> {
  return { authorization: `Bearer ${bearer}`, ...(tenantId && { 'x-crossdock-tenant': tenantId }) };
}

async function create(url: string, body: unknown): Promise<string> {
  const answer = await post(url, JSON.stringify(body), asCaller());
  expect(answer).toMatchObject({ status: 201 });
  return String((JSON.parse(answer.text) as { id: unknown }).id);
}

const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('base64');

function sendOrder(order: unknown, signature?: string): Promise<{ status: number; text: string }> {
  const body = typeof order === 'string' ? order : JSON.stringify(order);
  return post(`/webhooks/woocommerce/${shopId}`, body, {
    'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': 'delivery', 'x-wc-webhook-signature': signature ?? hmac(canaries.shopSecret, body),
  });
}

function sendTouch(touch: object, secret: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify([{ occurredAt: 1_767_225_600_000, subscriptionType: 'contact.propertyChange', objectId: 1, ...touch }]);
  const timestamp = String(Date.now());
  const signature = hmac(secret, `POSThttps://hub.example.com/webhooks/hubspot${body}${timestamp}`);
  return post('/webhooks/hubspot', body, { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp });
}

function sendTracking(token: string, body: unknown = { event: 'track_updated', data: address }): Promise<{ status: number; text: string }> {
  return post(`/webhooks/shippo/${shippoId}?token=${token}`, JSON.stringify(body));
}

async function leaks(): Promise<string[]> {
  const metrics = await service.app.get(Registry).metrics();
  expect(metrics).toContain('crossdock_webhook_received');
  expect(spans.texts).not.toEqual([]);
  const secrets = Object.entries({ ...canaries, bearer });
  const whereabouts = [
    ...written.map((line) => ['log', line] as const), ...spans.texts.map((span) => ['trace', span] as const), ['metrics', metrics] as const,
  ];
  return whereabouts.flatMap(([where, text]) => secrets.flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${where}: ${text.slice(0, 300)}`] : [])));
}

describe('what the gateway writes about webhooks', () => {
  it('holds nothing of their content, addresses and signatures, whether they are right or wrong', async () => {
    const answers = [
      await sendOrder({ id: 1, billing: address }),
      await sendOrder({ id: 1, billing: address }, canaries.wrongSignature),
      await sendOrder({ id: 1, billing: address }, canaries.email),
      await sendOrder({ [canaries.email]: address }),
      await sendOrder(`{"billing":{"email":"${canaries.email}"`),
      await sendOrder(canaries.email),
      await sendOrder({ id: 2, billing: address, __proto__x: canaries.phone }),
      await sendTouch({ portalId: 4711, eventId: 1, propertyName: 'email', propertyValue: canaries.email }, canaries.appSecret),
      await sendTouch({ portalId: 4711, eventId: 2, subscriptionType: canaries.email }, canaries.appSecret),
      await sendTouch({ portalId: canaries.email, eventId: 3 }, canaries.appSecret),
      await sendTouch({ portalId: 4711, eventId: 4, propertyValue: canaries.phone }, canaries.wrongToken),
      await sendTracking(canaries.shippoToken),
      await sendTracking(canaries.wrongToken),
      await sendTracking(canaries.shippoToken, { event: canaries.email, data: canaries.phone }),
      await post(`/webhooks/woocommerce/${canaries.email}`, JSON.stringify(address)),
      await post(`/webhooks/${canaries.email}/${canaries.shippoToken}`, JSON.stringify(address)),
      await post(`/nowhere/${canaries.email}?token=${canaries.shippoToken}`, JSON.stringify(address)),
    ];
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 400, 401, 404]);
    expect(written.length).toBeGreaterThan(0);
    expect(await leaks()).toEqual([]);
  });

  it('holds nothing of them where PostgreSQL refuses to store them and says why', async () => {
    await admin.query(`ALTER TABLE outbox ADD CONSTRAINT refuse CHECK (payload NOT LIKE '%canary%') NOT VALID`);
    const before = written.length;
    const refused = await sendOrder({ id: 3, billing: address });
    await admin.query('ALTER TABLE outbox DROP CONSTRAINT refuse');
    expect(refused.status).toBe(500);
    expect(written.slice(before).filter((line) => line.includes('request failed'))).toHaveLength(1);
    expect(await leaks()).toEqual([]);
  });

  it('holds nothing of credentials and callers, of refused requests neither', async () => {
    const wrong = { vendor: 'shippo', accountId: 'other', credentials: { webhook_token: '', [canaries.email]: canaries.shippoToken } };
    const answers = [
      await post('/v1/connections', JSON.stringify(wrong), asCaller()),
      await post('/v1/connections', `{"credentials":{"webhook_token":"${canaries.shippoToken}"`, asCaller()),
      await post('/v1/connections', JSON.stringify({ vendor: 'shippo', accountId: 'canary', credentials: { webhook_token: canaries.shippoToken } }), asCaller()),
      await post('/v1/connections', JSON.stringify(wrong), { authorization: `Bearer ${canaries.wrongToken}` }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 400, 409, 401]);
    await service.app.inject({ method: 'GET', url: `/v1/orders?externalId=${canaries.email}`, headers: asCaller() });
    expect(await leaks()).toEqual([]);
  });
});
