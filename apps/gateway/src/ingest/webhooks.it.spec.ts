import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { OutboxBacklog, Retention } from '@crossdock/event-bus';
import { startService, type RunningService } from '@crossdock/service-kit';
import { privateKeySchema } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import {
  createTcpGate, createTestDatabase, createTestTopics, eventually, requireTestServer, type TcpGate, type TestDatabase, type TestTopics,
} from '@crossdock/test-stack';
import { gatewayDefinition } from '../gateway.definition.ts';
import { gatewaySchemas } from '../gateway.schemas.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();
const webhookSecret = 'the shop’s secret';
const hubspotSecret = 'the app’s secret';
const zohoToken = 'the channel’s token';
const zohoConnectionId = randomUUID();
const pipedriveConnectionId = randomUUID();
const dynamicsConnectionId = randomUUID();
const dynamicsOrganizationId = randomUUID();
const dynamicsKey = 'the environment’s key';
const pipedrivePassword = 'the company’s password';
const vaultKeys = VaultKeys.parse(`test:${randomBytes(32).toString('base64')}`);

let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let service: RunningService;
let databaseUrl: string;
let postgresGate: TcpGate;
let kafkaGate: TcpGate;

beforeAll(async () => {
  [database, topics] = await Promise.all([createTestDatabase(), createTestTopics()]);
  const url = await database.migrateService('gateway', gatewaySchemas);
  admin = await database.connectAsAdmin('gateway');
  await connectShop(url);
  const postgres = new URL(url);
  postgresGate = await createTcpGate({ host: postgres.hostname, port: Number(postgres.port) }, true);
  kafkaGate = await createTcpGate(hostAndPort(topics.brokers[0] ?? ''), true);
  databaseUrl = Object.assign(postgres, { hostname: '127.0.0.1', port: String(postgresGate.port) }).toString();
  service = await startGateway();
});

afterAll(async () => {
  postgresGate.open();
  kafkaGate.open();
  await service.stop();
  await Promise.all([postgresGate.dispose(), kafkaGate.dispose()]);
  await topics.drop();
  await database.drop();
});

function startGateway(): Promise<RunningService> {
  return startService(gatewayDefinition, {
    databaseUrl, databasePoolSize: 10, kafkaBrokers: [`127.0.0.1:${kafkaGate.port}`], kafkaSecurityProtocol: 'PLAINTEXT', kafkaSaslMechanism: 'SCRAM-SHA-512', kafkaUsername: '', kafkaPassword: '', topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    host: '127.0.0.1', port: 0, internalPort: 0, logLevel: 'fatal', bodyLimitBytes: 1_048_576, outboxCeilingRows: 1_000, inboxRetentionDays: 14, deadLetterRetentionDays: 90, webhookRetentionDays: 30, eventTimeoutMs: 30_000,
    publicUrl: 'https://hub.example.com', returnOrigins: [], trustedProxies: '', callerRequestsPerMinute: 6_000, graphqlIntrospection: false, graphqlMaxCost: 10_000, personErasureQuietSeconds: 60, connectionProbeSeconds: 900, outboundAllowPrivateNetworks: false, vendorBudgetInteractiveShare: 0.1, vendorBudgetReplicas: 1, callLogRetentionDays: 14,
    shippoApiUrl: 'http://127.0.0.1:9', vaultKeys, hubspotClientSecrets: [hubspotSecret], authIssuerUrl: 'http://127.0.0.1:9',
    serviceClientKeyFile: privateKeySchema.parse(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })),
    crmHubspotUrl: 'http://127.0.0.1:9', crmSalesforceUrl: 'http://127.0.0.1:9', crmPipedriveUrl: 'http://127.0.0.1:9', crmDynamicsUrl: 'http://127.0.0.1:9', crmZohoUrl: 'http://127.0.0.1:9',
    ordersUrl: 'http://127.0.0.1:9', shippingUrl: 'http://127.0.0.1:9', attributionUrl: 'http://127.0.0.1:9', syncUrl: 'http://127.0.0.1:9', journalUrl: 'http://127.0.0.1:9',
  }, pino({ level: 'silent' }));
}

async function connectShop(url: string): Promise<void> {
  const tenants = new TenantDatabase(await database.connect(url, 'gateway'));
  const connections = new ConnectionStore(tenants);
  const vault = new CredentialVault(tenants, vaultKeys);
  await tenants.transaction(tenantId, async (manager) => {
    const shop = await connections.create(manager, { id: connectionId, tenantId, vendor: 'woocommerce', accountId: 'https://shop.example.com', state: 'healthy' });
    await vault.put(manager, shop, 'webhook_secret', webhookSecret);
    await connections.create(manager, { tenantId, vendor: 'hubspot', accountId: '4711', state: 'healthy' });
    const company = await connections.create(manager, { id: pipedriveConnectionId, tenantId, vendor: 'pipedrive', accountId: '815', state: 'healthy' });
    await vault.put(manager, company, 'webhook_secret', pipedrivePassword);
    const environment = await connections.create(manager, { id: dynamicsConnectionId, tenantId, vendor: 'dynamics', accountId: dynamicsOrganizationId, state: 'healthy' });
    await vault.put(manager, environment, 'webhook_secret', dynamicsKey);
    const zoho = await connections.create(manager, { id: zohoConnectionId, tenantId, vendor: 'zoho', accountId: '60000000001', state: 'healthy' });
    await vault.put(manager, zoho, 'webhook_secret', zohoToken);
  });
}

function hostAndPort(address: string): { host: string; port: number } {
  const [host = '', port = ''] = address.split(':');
  return { host, port: Number(port) };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, unknown>;
}

async function send(url: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
  const response = await service.app.inject({ method: 'POST', url, payload: body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

function sign(body: string | Buffer, secret = webhookSecret): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

function sendOrder(body: string, headers: Record<string, string> = {}, toConnection: string = connectionId): Promise<Answer> {
  return send(`/webhooks/woocommerce/${toConnection}`, body, {
    'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': 'delivery', 'x-wc-webhook-signature': sign(body), ...headers,
  });
}

function orderBody(id: number): string {
  return JSON.stringify({ id, status: 'processing', total: '29.35' });
}

function touch(eventId: number, portalId = 4711): Record<string, unknown> {
  return { eventId, portalId, occurredAt: 1_767_225_600_000, subscriptionType: 'deal.propertyChange', objectId: 88, propertyName: 'dealstage' };
}

function sendHubSpot(
  events: unknown[], { signedUrl = 'https://hub.example.com/webhooks/hubspot', timestamp = Date.now() } = {},
): Promise<Answer> {
  const body = JSON.stringify(events);
  const signature = sign(`POST${signedUrl}${body}${timestamp}`, hubspotSecret);
  return send('/webhooks/hubspot', body, { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(timestamp) });
}

function sendPipedrive(meta: object, { to = pipedriveConnectionId, password = pipedrivePassword } = {}): Promise<Answer> {
  const body = JSON.stringify({
    data: {}, previous: {},
    meta: { id: randomUUID(), webhook_id: '7', entity: 'deal', entity_id: '88', action: 'change', timestamp: '2026-11-21T08:00:00.000Z', attempt: 1, ...meta },
  });
  return send(`/webhooks/pipedrive/${to}`, body, { authorization: `Basic ${Buffer.from(`crossdock:${password}`).toString('base64')}` });
}

function sendDynamics(context: object, key = dynamicsKey): Promise<Answer> {
  const body = JSON.stringify({
    OrganizationId: dynamicsOrganizationId, PrimaryEntityName: 'opportunity', PrimaryEntityId: randomUUID(), MessageName: 'Update', OperationId: randomUUID(),
    CorrelationId: randomUUID(), OperationCreatedOn: '/Date(1763712000000)/', ...context,
  });
  return send(`/webhooks/dynamics/${dynamicsConnectionId}?code=${encodeURIComponent(key)}`, body, {});
}

async function stored(): Promise<number> {
  return (await admin.query<unknown[]>('SELECT 1 FROM received_webhook')).length;
}

async function countOf(outcome: string): Promise<number> {
  const metric = await service.app.get(Registry).getSingleMetric('crossdock_webhook_received_total')?.get();
  return metric?.values.filter(({ labels }) => labels['outcome'] === outcome).reduce((sum, { value }) => sum + value, 0) ?? 0;
}

describe('webhook ingest', () => {
  it('stores a signed order once with its outbox row, however often and however parallel it comes', async () => {
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendOrder(orderBody(1))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(answers.reduce((sum, { body }) => sum + Number(body['accepted']), 0)).toBe(1);
    expect(await stored()).toBe(before + 1);
    expect((await sendOrder(orderBody(1))).body).toEqual({ accepted: 0 });
  });

  it('tells apart two orders that share a delivery id', async () => {
    const answers = await Promise.all([sendOrder(orderBody(2)), sendOrder(orderBody(3))]);
    expect(answers.map(({ body }) => body['accepted'])).toEqual([1, 1]);
  });

  it.each<[string, Record<string, string>]>([
    ['missing', { 'x-wc-webhook-signature': '' }],
    ['of another secret', { 'x-wc-webhook-signature': sign(orderBody(4), 'another') }],
    ['of another body', { 'x-wc-webhook-signature': sign(orderBody(5)) }],
    ['not base64', { 'x-wc-webhook-signature': '💥'.repeat(10) }],
    ['huge', { 'x-wc-webhook-signature': 'A'.repeat(8_000) }],
  ])('refuses a signature that is %s with 401 and stores nothing but a count', async (_, headers) => {
    const [before, refused] = [await stored(), await countOf('bad_signature')];
    const encoded = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));
    const answer = await sendOrder(orderBody(4), encoded);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ status: 401, title: 'The caller is not authenticated' });
    expect(await stored()).toBe(before);
    expect(await countOf('bad_signature')).toBe(refused + 1);
  });

  it('refuses a body that was parsed and written again, because the bytes count', async () => {
    const escaped = String.raw`{"id":6,"link":"https:\/\/shop.example.com"}`;
    const answer = await sendOrder(JSON.stringify(JSON.parse(escaped)), { 'x-wc-webhook-signature': sign(escaped) });
    expect(answer.status).toBe(401);
  });

  it.each([randomUUID(), 'no-uuid', '00000000-0000-0000-0000-000000000000'])('answers 404 for the unknown connection %s', async (unknown) => {
    const answer = await sendOrder(orderBody(7), {}, unknown);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Nothing is here.' } });
  });

  it('answers 404 for a vendor it does not know and for a HubSpot account nobody connected', async () => {
    expect((await send('/webhooks/acme', '{}', {})).status).toBe(404);
    expect((await sendHubSpot([touch(1, 9_999)])).status).toBe(404);
  });

  it('answers 400 to signed bytes that are not JSON', async () => {
    expect((await sendOrder('{"id":')).status).toBe(400);
  });

  it('answers 413 to a body over the limit and 415 to another content type, and counts both', async () => {
    const [tooLarge, malformed] = [await countOf('too_large'), await countOf('malformed')];
    expect((await sendOrder(JSON.stringify({ id: 8, note: 'x'.repeat(1_048_576) }))).status).toBe(413);
    expect((await sendOrder(orderBody(9), { 'content-type': 'text/xml' })).status).toBe(415);
    expect([await countOf('too_large'), await countOf('malformed')]).toEqual([tooLarge + 1, malformed + 1]);
  });

  it('keeps a signed body of an unknown shape as a dead letter with its bytes and answers 200', async () => {
    const body = JSON.stringify({ order: { number: 10 } });
    expect((await sendOrder(body)).status).toBe(200);
    const letters = await admin.query<Array<{ tenant_id: string; reason: string; body: Buffer }>>(
      `SELECT tenant_id, reason, body FROM dead_letter WHERE origin = 'webhook' AND kind = 'woocommerce'`);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ tenant_id: tenantId, reason: 'schema_mismatch' });
    expect(letters[0]?.body.toString()).toBe(body);
    expect(await service.app.get(Registry).metrics()).toMatch(/crossdock_dead_letter_total\{[^}]*origin="webhook"[^}]*\} [1-9]/);
  });

  it('answers the unsigned ping of a new webhook with exactly 200', async () => {
    const answer = await send(`/webhooks/woocommerce/${connectionId}`, 'webhook_id=12', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 0 } });
  });

  it('takes HubSpot events signed for the public address, each once', async () => {
    const events = [touch(1), { ...touch(2), objectId: 89 }, { ...touch(2), objectId: 89 }];
    expect(await sendHubSpot(events)).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect(await sendHubSpot(events.toReversed())).toMatchObject({ status: 200, body: { accepted: 0 } });
  });

  it('makes one event of what a HubSpot request tells of one record', async () => {
    const events = [touch(21), touch(22), touch(23), { ...touch(24), subscriptionType: 'contact.creation' }, { ...touch(25), subscriptionType: 'contact.propertyChange' }].map((each) => ({ ...each, objectId: 90 }));
    expect(await sendHubSpot(events)).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect(await sendHubSpot(events.toReversed())).toMatchObject({ status: 200, body: { accepted: 0 } });
    expect(await sendHubSpot(events.slice(4))).toMatchObject({ status: 200, body: { accepted: 0 } });
  });

  it('takes a Zoho notification with its channel’s token, once for each record, and keeps no token', async () => {
    const notify = (more: Record<string, unknown> = {}, toConnection = zohoConnectionId) => send(`/webhooks/zoho/${toConnection}`, JSON.stringify({
      server_time: 1_767_225_600_000, module: 'Deals', ids: ['6493490000001291001', '6493490000001291002'], operation: 'update', channel_id: '1', token: zohoToken, ...more,
    }), {});
    expect(await notify()).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect(await notify()).toMatchObject({ status: 200, body: { accepted: 0 } });
    expect(await notify({ module: 'Contacts' })).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect([(await notify({ token: 'another token' })).status, (await notify({ token: undefined })).status, (await notify({}, connectionId)).status]).toEqual([401, 401, 404]);
    const kept = await admin.query<Array<{ body: Buffer }>>("SELECT body FROM received_webhook WHERE vendor = 'zoho'");
    expect(kept.map(({ body }) => body.toString().includes(zohoToken))).toEqual([false, false, false, false]);
    expect(await notify({ operation: 'merge' })).toMatchObject({ status: 200, body: { accepted: 0 } });
    const [letter, ...others] = await admin.query<Array<{ body: Buffer }>>("SELECT body FROM dead_letter WHERE kind = 'zoho'");
    expect(others).toEqual([]);
    expect(JSON.parse(letter?.body.toString() ?? '')).toEqual({
      server_time: 1_767_225_600_000, module: 'Deals', ids: ['6493490000001291001', '6493490000001291002'], operation: 'merge', channel_id: '1',
    });
  });

  it('keeps what it received for as many days as its setting says', async () => {
    const receivedDaysAgo = (days: number) => admin.query(
      `INSERT INTO received_webhook (dedupe_key, event_id, tenant_id, connection_id, vendor, body, received_at)
       VALUES (convert_to($1, 'UTF8'), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'woocommerce', '', now() - make_interval(days => $2))`, [`aged/${days}`, days]);
    for (const days of [29, 31, 400]) await receivedDaysAgo(days);
    await service.app.get(Retention).removeOnce();
    expect(await admin.query(`SELECT convert_from(dedupe_key, 'UTF8') AS key FROM received_webhook WHERE dedupe_key LIKE 'aged/%'`)).toEqual([{ key: 'aged/29' }]);
  });

  it('goes on with all others where the secret of one connection does not open', async () => {
    const lost = randomUUID();
    const order = orderBody(31);
    const tenants = service.app.get(TenantDatabase);
    await tenants.transaction(tenantId, async (manager) => {
      const shop = await service.app.get(ConnectionStore).create(manager, { id: lost, tenantId, vendor: 'woocommerce', accountId: 'https://lost.example.com', state: 'healthy' });
      await service.app.get(CredentialVault).put(manager, shop, 'webhook_secret', webhookSecret);
    });
    await admin.query('UPDATE connections.credential SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1) WHERE connection_id = $1', [lost]);
    const answers = await Promise.all([sendOrder(order, {}, lost), sendOrder(order), sendOrder(orderBody(32))]);
    expect(answers.map(({ status }) => status)).toEqual([502, 200, 200]);
    await admin.query('UPDATE connections.credential SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1) WHERE connection_id = $1', [lost]);
    expect(await sendOrder(order, {}, lost)).toMatchObject({ status: 200, body: { accepted: 1 } });
  });

  it('refuses a HubSpot signature over another address or outside five minutes', async () => {
    expect((await sendHubSpot([touch(3)], { signedUrl: 'https://evil.example.com/webhooks/hubspot' })).status).toBe(401);
    expect((await sendHubSpot([touch(3)], { timestamp: Date.now() - 300_001 })).status).toBe(401);
  });

  it('takes a Pipedrive event with the password of its connection, once however often it is tried', async () => {
    const id = randomUUID();
    expect(await sendPipedrive({ id })).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await sendPipedrive({ id, attempt: 2 })).toMatchObject({ status: 200, body: { accepted: 0 } });
    expect(await sendPipedrive({ entity: 'activity' })).toMatchObject({ status: 200, body: { accepted: 0 } });
  });

  it('refuses a Pipedrive event with another password, or to another connection', async () => {
    const before = await stored();
    expect((await sendPipedrive({}, { password: 'another' })).status).toBe(401);
    expect((await sendPipedrive({}, { to: connectionId })).status).toBe(404);
    expect(await stored()).toBe(before);
  });

  it('takes a Dynamics change with the key of its connection, once, and none of another environment', async () => {
    const change = { PrimaryEntityId: randomUUID(), OperationId: randomUUID() };
    expect(await sendDynamics(change)).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await sendDynamics(change)).toMatchObject({ status: 200, body: { accepted: 0 } });
    expect(await sendDynamics({ OrganizationId: randomUUID() })).toMatchObject({ status: 200, body: { accepted: 0 } });
    expect((await sendDynamics({}, 'another')).status).toBe(401);
  });

  it('does not look into a body whose signature does not hold', async () => {
    const letters = async (): Promise<number> => (await admin.query<unknown[]>('SELECT 1 FROM dead_letter')).length;
    const before = await letters();
    for (const body of ['{"id":', JSON.stringify({ order: { number: 13 } })]) {
      expect((await sendOrder(body, { 'x-wc-webhook-signature': sign(body, 'another') })).status).toBe(401);
    }
    expect(await letters()).toBe(before);
  });

  it('stores the others of a group where PostgreSQL refuses one of them', async () => {
    await admin.query(`ALTER TABLE received_webhook ADD CONSTRAINT refuse CHECK (convert_from(body, 'UTF8') NOT LIKE '%"id":14,%') NOT VALID`);
    const answers = await Promise.all([15, 14, 16, 17].map((id) => sendOrder(orderBody(id))));
    await admin.query('ALTER TABLE received_webhook DROP CONSTRAINT refuse');
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200, 200]);
    expect((await sendOrder(orderBody(14))).body).toEqual({ accepted: 1 });
    expect((await sendOrder(orderBody(16))).body).toEqual({ accepted: 0 });
  });

  it('answers 503 with Retry-After above the ceiling of waiting events, and 200 once they are gone', async () => {
    const backlog = service.app.get(OutboxBacklog);
    await eventually('an empty outbox', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
    // No relay looks at a shard that does not exist.
    await admin.query(`INSERT INTO outbox (tenant_id, shard, topic, key, payload)
      SELECT $1, 999, 'none', 'none', '{}' FROM generate_series(1, 1000)`, [tenantId]);
    await backlog.sample();
    const before = await stored();
    const refused = await sendOrder(orderBody(18));
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '30' }, body: { status: 503 } });
    expect(await stored()).toBe(before);
    await admin.query('DELETE FROM outbox WHERE shard = 999');
    await backlog.sample();
    expect((await sendOrder(orderBody(18))).body).toEqual({ accepted: 1 });
  });

  it('answers 503 with Retry-After while the database is away, and 200 once it is back', async () => {
    postgresGate.close();
    const away = await sendOrder(orderBody(11)).finally(() => postgresGate.open());
    expect(away.status).toBe(503);
    expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
    await eventually('the webhook to be accepted', async () => (await sendOrder(orderBody(11))).status === 200);
  });

  it('answers 503 with Retry-After while PostgreSQL has no room left on its disk, and 200 by itself once it has', async () => {
    // What PostgreSQL says of a full disk: SQLSTATE 53100.
    await admin.query(`CREATE FUNCTION refuse_for_want_of_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`);
    await admin.query('CREATE TRIGGER disk_full BEFORE INSERT ON outbox EXECUTE FUNCTION refuse_for_want_of_room()');
    const before = await stored();
    const full = await sendOrder(orderBody(40)).finally(() => admin.query('DROP FUNCTION refuse_for_want_of_room CASCADE'));
    expect(full).toMatchObject({ status: 503, body: { status: 503 } });
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);
    expect(await stored()).toBe(before);
    expect((await sendOrder(orderBody(40))).body).toEqual({ accepted: 1 });
  });

  it('answers 200 while Kafka is away, and the event goes out when it is back', async () => {
    await eventually('an empty outbox', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
    kafkaGate.close();
    await service.stop();
    service = await startGateway();
    const { status } = await sendOrder(orderBody(12));
    // A service that starts looks after its connections as well, and may have something to tell of them.
    const waiting = await admin.query<unknown[]>(`SELECT 1 FROM outbox WHERE topic LIKE '%commerce.order.received%'`);
    kafkaGate.open();
    expect([status, waiting.length]).toEqual([200, 1]);
    await eventually('the event to be published', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  });
});
