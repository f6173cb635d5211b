import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { CallLog, connectionsSchema, ConnectionStore } from '@crossdock/connections';
import { orderReceived } from '@crossdock/contracts';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { gatewayDefinition } from '../../apps/gateway/src/gateway.definition.ts';
import { gatewaySchemas } from '../../apps/gateway/src/gateway.schemas.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { runOps } from './ops.ts';

const shopSecret = randomUUID();
const why = ['--why', 'the shop was mended'];
const order = {
  id: 10, number: '10', status: 'processing', currency: 'USD', total: '29.35', date_created_gmt: '2026-03-01T00:00:00', date_modified_gmt: '2026-03-01T00:00:00',
  billing: { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', phone: '', country: 'GB' }, line_items: [],
};
const nowhere = 'http://127.0.0.1:9';

let database: TestDatabase;
let topics: TestTopics;
let issuer: IssuerFixture;
let folder: string;
let gateway: RunningService;
let orders: RunningService;
let gatewayAdmin: DataSource;
let shopId: string;
let tenantId: string;
let gatewayUrl: string;

beforeAll(async () => {
  [database, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
  folder = mkdtempSync(join(tmpdir(), 'ops-'));
  const keyFile = join(folder, 'demo.json');
  writeFileSync(keyFile, JSON.stringify(issuer.key));
  const shared = {
    KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: requireTestServer('TEST_REDIS_URL'),
    PORT: '0', INTERNAL_PORT: '0', AUTH_ISSUER_URL: issuer.url, VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
  };
  orders = await startService(ordersDefinition, loadConfig(ordersDefinition.config, {
    ...shared, DATABASE_URL: await database.migrateService('orders', [ordersSchema, connectionsSchema]),
  }), createLogger('orders', 'fatal'));
  gatewayUrl = await database.migrateService('gateway', gatewaySchemas);
  gateway = await startService(gatewayDefinition, loadConfig(gatewayDefinition.config, {
    ...shared, DATABASE_URL: gatewayUrl, PUBLIC_URL: nowhere, SERVICE_CLIENT_KEY_FILE: keyFile,
    HUBSPOT_CLIENT_SECRETS: 'unused', CRM_HUBSPOT_URL: nowhere, CRM_SALESFORCE_URL: nowhere, CRM_PIPEDRIVE_URL: nowhere, CRM_DYNAMICS_URL: nowhere, CRM_ZOHO_URL: nowhere, SHIPPING_URL: nowhere, ATTRIBUTION_URL: nowhere, SYNC_URL: nowhere, JOURNAL_URL: nowhere,
    ORDERS_URL: await orders.app.getUrl(),
  }), createLogger('gateway', 'fatal'));
  gatewayAdmin = await database.connectAsAdmin('gateway');
  await issueTokens();
  shopId = await connectShop();
});

afterAll(async () => {
  await Promise.all([gateway.stop(), orders.stop()]);
  await issuer.stop();
  rmSync(folder, { recursive: true });
  await topics.drop();
  await database.drop();
});

/** The issuer answers each audience with the token that the real one would give to who calls it. */
async function issueTokens(): Promise<void> {
  const scope = 'operations:read operations:write tenant:any tenants:manage connections:write';
  const tokens: Record<string, string> = {
    gateway: await issuer.sign({ claims: { aud: 'gateway', sub: 'demo', scope } }),
    orders: await issuer.sign({ claims: { aud: 'orders', sub: 'gateway', scope: `${scope} operations:delegate` } }),
    'crm-hubspot': await issuer.sign({ claims: { aud: 'crm-hubspot', sub: 'gateway', scope } }),
  };
  issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens[form.get('audience') ?? ''] ?? 'none', token_type: 'Bearer', expires_in: 600 } });
}

async function connectShop(): Promise<string> {
  const token = await issuer.sign({ claims: { aud: 'gateway', scope: 'tenant:any tenants:manage connections:write' } });
  const create = async (url: string, payload: object, tenant?: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, ...(tenant !== undefined && { 'x-crossdock-tenant': tenant }) };
    return z.object({ id: z.string() }).parse((await gateway.app.inject({ method: 'POST', url, payload, headers })).json()).id;
  };
  tenantId = await create('/v1/tenants', { slug: 'ops', name: 'Ops' });
  return create('/v1/connections', { vendor: 'woocommerce', accountId: 'https://shop.example.com', credentials: { webhook_secret: shopSecret } }, tenantId);
}

/** Runs a command as `npm run ops` does. */
async function ops(...args: readonly string[]): Promise<{ status: number; printed: string; complaints: string }> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const address = ['--url', await gateway.app.getUrl(), '--issuer', issuer.url, '--key-file', join(folder, 'demo.json')];
  const status = await runOps(args.length < 2 ? args : [...args.slice(0, 2), ...address, ...args.slice(2)], {
    print: (text) => void printed.push(text), complain: (text) => void complaints.push(text),
  });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

const linesSchema = z.array(z.looseObject({ service: z.string(), id: z.string(), reason: z.string() }));

async function list(...filter: readonly string[]): Promise<string[]> {
  const { printed } = await ops('dead-letters', 'list', '--json', ...filter);
  return linesSchema.parse(JSON.parse(printed)).map(({ service, id }) => `${service}/${id}`);
}

/** Messages alone: what other tests tell of orders may end as a task that nobody can do. */
const ofOrders = ['--service', 'orders', '--origin', 'event'] as const;

/** Puts messages that are no events on the topic that orders hears. */
async function poison(count: number): Promise<string[]> {
  const producer = topics.kafka.producer({ retry: { retries: 10 } });
  await producer.connect();
  await producer.send({ topic: topics.prefix + orderReceived.type, messages: Array.from({ length: count }, () => ({ key: 'poison', value: 'no event' })) });
  await producer.disconnect();
  return eventually('the dead letters', async () => {
    const found = await list(...ofOrders);
    return found.length === count && found;
  });
}

describe('npm run ops', () => {
  it('lists, shows and discards a service’s dead letters, and tells who did it', async () => {
    const [record = '', ...others] = await poison(3);
    const table = await ops('dead-letters', 'list', ...ofOrders, '--newer-than', '1h');
    expect(table).toMatchObject({ status: 0, printed: expect.stringMatching(/^RECORD +CAME +ORIGIN +STATE +KIND +REASON/) });
    expect(table.printed.split('\n')).toHaveLength(4);
    expect(await list(...ofOrders, '--older-than', '1h')).toEqual([]);
    expect(await ops('dead-letters', 'show', record)).toMatchObject({ status: 0, printed: expect.stringContaining('"sha256"') });

    expect(await ops('dead-letters', 'replay', record, ...why)).toMatchObject({ status: 1, printed: expect.stringContaining('0 done, 1 failed') });
    expect(await ops('dead-letters', 'discard', record, ...why)).toMatchObject({ status: 0, printed: expect.stringContaining('1 done, 0 failed') });
    expect(await ops('dead-letters', 'discard', record, ...why)).toMatchObject({ status: 1, printed: expect.stringContaining('not_found') });
    expect(await ops('dead-letters', 'discard', '--service', 'orders', '--reason', 'schema_mismatch', ...why)).toMatchObject({ status: 0, printed: '0 done, 0 failed' });
    expect((await list(...ofOrders)).sort()).toEqual([...others].sort());
    expect(await ops('dead-letters', 'discard', ...ofOrders, '--all', ...why)).toMatchObject({ status: 0, printed: expect.stringContaining('2 done') });
    expect(await list(...ofOrders)).toEqual([]);
    const audit = await ops('audit', 'list', 'orders', '--record', record.split('/')[1] ?? '');
    expect(audit.printed).toMatch(/demo +dead_letter.discard .* discarded +the shop was mended/);
  });

  it('has the gateway read a dead webhook again by its source once that can be read', async () => {
    const body = JSON.stringify({ order: { number: 10 } });
    const signature = createHmac('sha256', shopSecret).update(body).digest('base64');
    const answer = await gateway.app.inject({
      method: 'POST', url: `/webhooks/woocommerce/${shopId}`, payload: body,
      headers: { 'content-type': 'application/json', 'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': '1', 'x-wc-webhook-signature': signature },
    });
    expect(answer.statusCode).toBe(200);
    const [record = ''] = await list('--service', 'gateway', '--origin', 'webhook');
    const shown = await ops('dead-letters', 'show', record);
    expect(shown.printed).toContain('order.created');
    expect(shown.printed).not.toContain(signature);
    expect(await ops('dead-letters', 'replay', record, ...why)).toMatchObject({ status: 1 });
    // A release that reads such bodies is stood for by a body that this one reads.
    await gatewayAdmin.query(`UPDATE dead_letter SET body = convert_to($1, 'UTF8')`, [JSON.stringify(order)]);
    expect(await ops('dead-letters', 'replay', record, ...why)).toMatchObject({ status: 0, printed: expect.stringContaining('accepted') });
    expect(await gatewayAdmin.query('SELECT vendor FROM received_webhook')).toEqual([{ vendor: 'woocommerce' }]);
    expect(await list('--service', 'gateway')).toEqual([]);
  });

  it('replays a topic into one service, waits for its end and shows it', async () => {
    const started = await ops('replay', 'start', 'orders', orderReceived.type, '--from', 'beginning', '--wait', '--json', ...why);
    expect(started.status).toBe(0);
    const { id } = z.object({ id: z.string(), state: z.literal('done') }).parse(JSON.parse(started.printed));
    expect((await ops('replay', 'list', 'orders')).printed).toContain(`orders/${id}`);
    expect((await ops('replay', 'show', `orders/${id}`)).printed).toMatch(/done +\d+ of \d+/);
    expect(await ops('replay', 'cancel', `orders/${id}`, ...why)).toMatchObject({ status: 1, complaints: expect.stringContaining('no such replay') });
    expect(await ops('replay', 'start', 'orders', 'no.such.event.v1', '--from', 'end', ...why)).toMatchObject({ status: 1, complaints: expect.stringContaining('/type') });
  });

  it('takes a connector back from one tenant and from all but some, within seconds and without a restart, and tells who did', async () => {
    const token = await issuer.sign({ claims: { aud: 'gateway', scope: 'tenant:any tenants:manage connections:write operations:read' } });
    const send = async (method: 'GET' | 'POST', url: string, payload?: object, tenant?: string) => gateway.app.inject({
      method, url, headers: { authorization: `Bearer ${token}`, ...(tenant !== undefined && { 'x-crossdock-tenant': tenant }) }, ...(payload && { payload }),
    });
    const { id: other } = z.object({ id: z.string() }).parse((await send('POST', '/v1/tenants', { slug: 'flagged', name: 'Flagged' })).json());
    const connect = async (tenant: string) => (await send('POST', '/v1/connections', { vendor: 'zoho', accountId: randomUUID(), credentials: { access_token: 'a' } }, tenant)).statusCode;
    const comesTo = (status: number, tenant: string) => eventually(`connecting to be answered with ${status}`, async () => (await connect(tenant)) === status, 60_000);
    expect([await connect(tenantId), await connect(other)]).toEqual([201, 201]);
    expect(await ops('flags', 'set', 'connect-zoho', '--tenant', tenantId, '--off', '--reason', 'It writes twice.')).toMatchObject({ status: 0 });
    await comesTo(403, tenantId);
    expect(await connect(other)).toBe(201);
    expect(await ops('flags', 'set', 'connect-zoho', '--percentage', '0', '--reason', 'For nobody.')).toMatchObject({ status: 0 });
    await comesTo(403, other);
    expect((await ops('flags', 'list')).printed).toMatch(new RegExp(`connect-zoho +0 % +${tenantId} off`));
    expect(await ops('flags', 'set', 'connect-zoho', '--tenant', tenantId, '--on', '--reason', 'Mended.')).toMatchObject({ status: 0 });
    await comesTo(201, tenantId);
    expect(await connect(other)).toBe(403);
    expect(await ops('flags', 'set', 'connect-zoho', '--tenant', tenantId, '--clear', '--reason', 'As for all.')).toMatchObject({ status: 0 });
    await comesTo(403, tenantId);
    expect(await ops('flags', 'set', 'connect-zoho', '--percentage', '100', '--reason', 'For everybody.')).toMatchObject({ status: 0 });
    await comesTo(201, other);
    expect((await send('GET', '/v1/operations/flags/connect-zoho/changes')).json()).toMatchObject({
      items: [
        { before: 0, after: 100, changedBy: 'demo', reason: 'For everybody.' }, { tenantId, before: 100, after: null }, { tenantId, before: 0, after: 100 }, { before: null, after: 0 },
        { tenantId, before: null, after: 0, reason: 'It writes twice.' },
      ],
    });
    expect(await ops('flags', 'set', 'no-flag', '--percentage', '1', '--reason', 'None.')).toMatchObject({ status: 1, complaints: expect.stringContaining('no flag') });
    expect(await ops('flags', 'set', 'connect-zoho', '--percentage', '101', '--reason', 'Too many.')).toMatchObject({ status: 1 });
    expect(await ops('flags', 'set', 'connect-zoho', '--reason', 'Nothing.')).toMatchObject({ status: 1, complaints: expect.stringContaining('--percentage') });
  }, 300_000);

  it('lists a tenant’s calls to vendors, and counts them by day', async () => {
    const tenants = new TenantDatabase(await database.connect(gatewayUrl, 'connections'));
    const log = new CallLog({ database: tenants, logger: createLogger('gateway', 'fatal'), metrics: new Registry(), retentionDays: 14 });
    // An account that no service calls of itself, as the shop is called when its time comes.
    const { id: carrierId } = await tenants.transaction(tenantId, (manager) => new ConnectionStore(tenants).create(manager, {
      tenantId, vendor: 'shippo', accountId: 'ops', state: 'disconnected',
    }));
    const call = {
      tenantId, connectionId: carrierId, vendor: 'shippo', operation: 'transactions.get', method: 'GET', endpoint: '/transactions/{…}',
      attempt: 1, startedAt: new Date(), durationMs: 31, outcome: 'success', status: 200,
    } as const;
    log.record(call);
    log.record({ ...call, outcome: 'server_error', status: 502 });
    await log.stop();

    const listed = await ops('calls', 'list', '--tenant', tenantId, '--connection', carrierId, '--failed', '--newer-than', '1h');
    expect(listed).toMatchObject({ status: 0, printed: expect.stringMatching(/^WHEN .*\n.* shippo +transactions.get +1 +server_error +502 +31 +GET \/transactions\//) });
    expect(listed.printed.split('\n')).toHaveLength(2);
    expect((await ops('calls', 'usage', '--tenant', tenantId)).printed).toMatch(/shippo +2 +1$/m);
    expect((await ops('calls', 'usage')).printed).toContain(tenantId);
    expect(await ops('calls', 'list', '--tenant', randomUUID())).toMatchObject({ status: 0, printed: 'There are no calls that fit.' });
    expect(await ops('calls', 'list')).toMatchObject({ status: 1, complaints: expect.stringContaining('--tenant') });

    const ask = async (url: string, tenant: string) => gateway.app.inject({
      url, headers: { authorization: `Bearer ${await issuer.sign({ claims: { aud: 'gateway', scope: 'tenant:any connections:read' } })}`, 'x-crossdock-tenant': tenant },
    });
    expect((await ask(`/v1/connections/${carrierId}/calls?result=failed`, tenantId)).json()).toMatchObject({ items: [{ operation: 'transactions.get', status: 502 }] });
    expect((await ask('/v1/usage', tenantId)).json()).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ vendor: 'shippo', calls: 2, failedCalls: 1 })]) });
    expect((await ask(`/v1/connections/${carrierId}/calls`, randomUUID())).statusCode).toBe(404);
    expect((await ask('/v1/usage', randomUUID())).json()).toEqual({ items: [] });
    expect((await ask(`/v1/connections/${carrierId}/calls?limit=5000`, tenantId)).statusCode).toBe(422);
  });

  it('shows the other services’ lists where one is away, and says so by its exit status', async () => {
    const answer = await ops('dead-letters', 'list');
    expect(answer).toMatchObject({ status: 1, complaints: expect.stringContaining('crm-hubspot service does not answer') });
    expect(await ops('dead-letters', 'list', '--service', 'crm-hubspot')).toMatchObject({ status: 1, complaints: expect.stringMatching(/^ops: /) });
  });

  it.each<[string[], RegExp]>([
    [['dead-letters', 'discard', 'orders/1'], /--why/],
    [['dead-letters', 'discard', '--service', 'orders', ...why], /--all/],
    [['dead-letters', 'show', 'nowhere/1'], /no service/],
    [['dead-letters', 'list', '--older-than', 'long'], /no age/],
    [['dead-letters', 'list', '--colour', 'red'], /colour/],
    [['replay', 'start', 'orders', orderReceived.type, '--from', 'yesterday', ...why], /no position/],
    [['dead-letters', 'explode'], /no command/],
    [['dead-letters', 'list', '--key-file', '/nowhere/key.json'], /key file/],
  ])('ends %j with status 1 and one sentence', async (args, sentence) => {
    const answer = await ops(...args);
    expect(answer).toMatchObject({ status: 1, complaints: expect.stringMatching(sentence) });
    expect(answer.complaints.split('\n')).toHaveLength(1);
  });

  it.each(['dead-letters list', 'dead-letters replay', 'replay start', 'audit list'])('explains %s', async (command) => {
    const answer = await ops(...command.split(' '), '--help');
    expect(answer).toMatchObject({ status: 0, complaints: '' });
    expect(answer.printed).toContain(`npm run ops -- ${command}`);
  });

  it('explains itself', async () => {
    expect(await ops('--help')).toMatchObject({ status: 0, printed: expect.stringContaining('dead-letters replay') });
  });
});
