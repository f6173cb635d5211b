import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type ConnectionStore, type TokenSet } from '@crossdock/connections';
import {
  connectionCreated, crmRecordTouched, crmUpsertCompleted, crmUpsertRequested, dealChanged, envelopeSchema, eventKey,
  type EventData, type EventDefinition, type RequestedRecord, type UpsertRecord,
} from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumer, Producer } from 'kafkajs';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const publisher = new EventPublisher('orders', () => undefined);
const heard: Array<{ tenantId: string; type: string; data: unknown }> = [];

let testDatabase: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let tenants: TenantDatabase;
let store: ConnectionStore;
let connections: Connections;
let sandbox: Sandbox;
let control: SandboxControl;
let producer: Producer;
let consumer: Consumer;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 })]);
  control = new SandboxControl(sandbox.url);
  const databaseUrl = await testDatabase.migrateService('crm-hubspot', crmServiceSchemas('crm-hubspot'));
  admin = await testDatabase.connectAsAdmin('crm_hubspot');
  tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'crm_hubspot'));
  connections = new Connections({
    database: tenants, publisher, service: 'crm-hubspot', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  store = connections.store;

  producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  consumer = topics.kafka.consumer({ groupId: `${topics.prefix}listener` });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [crmUpsertCompleted, dealChanged].map(({ type }) => topics.prefix + type), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { tenantid, type, data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      heard.push({ tenantId: tenantid, type, data });
    },
  });

  const config = crmHubSpotDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true',
    hubspotApiUrl: `${sandbox.url}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
  });
  service = await startService(crmHubSpotDefinition, config, createLogger('crm-hubspot', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  await topics.drop();
  await testDatabase.drop();
  await sandbox.stop();
}, 60_000);

/** A tenant whose HubSpot account is connected, and what other services say to it and hear of it. */
async function tenant() {
  const tenantId = randomUUID();
  const portal = await control.createHubSpotPortal(app);
  const connection = await tenants.transaction(tenantId, (manager) =>
    store.create(manager, { tenantId, vendor: 'hubspot', accountId: String(portal.portalId) }));
  const connectionId = connection.id;
  const keepTokens = (tokenSet: TokenSet) => tenants.transaction(tenantId, (manager) => connections.tokens.keep(manager, connection, tokenSet));
  await keepTokens(portal);

  async function say<D extends EventDefinition>(definition: D, data: EventData<D>, { id = randomUUID(), times = 1 } = {}): Promise<void> {
    const envelope = publisher.envelope({ tenantId, correlationId: randomUUID() }, definition, { id, subject: `test/${id}`, data });
    const message = { key: eventKey(envelope), value: JSON.stringify(envelope) };
    await producer.send({ topic: topics.prefix + definition.type, messages: Array.from({ length: times }, () => message) });
  }
  const hears = <Schema extends z.ZodType>({ type, schema }: EventDefinition<Schema>): Array<z.infer<Schema>> =>
    heard.filter((event) => event.tenantId === tenantId && event.type === type).map(({ data }) => schema.parse(data));
  async function ask(record: RequestedRecord, { requestId = randomUUID(), times = 1 } = {}): Promise<string> {
    await say(crmUpsertRequested, { requestId, vendor: 'hubspot', connectionId, record }, { id: requestId, times });
    return requestId;
  }
  const answerTo = (requestId: string) => eventually('the answer to an upsert', () =>
    hears(crmUpsertCompleted).find((answer) => answer.requestId === requestId)?.result);
  return {
    tenantId, connection, portalId: portal.portalId, say, ask, answerTo,
    deals: () => hears(dealChanged),
    answers: () => hears(crmUpsertCompleted),
    answersTo: (requestId: string) => hears(crmUpsertCompleted).filter((answer) => answer.requestId === requestId),
    async upsert(record: UpsertRecord): Promise<string> {
      const answer = await answerTo(await ask(record));
      if (answer.outcome !== 'upserted') throw new Error(`The upsert was refused: ${answer.message}`);
      return answer.crmId;
    },
    touch: (dealId: string, times = 1) => Promise.all(Array.from({ length: times }, () => say(crmRecordTouched, {
      vendor: 'hubspot', connectionId, object: 'deal', externalId: dealId, change: 'changed', occurredAt: new Date().toISOString(),
    }))),
    state: async () => (await store.find(tenantId, connectionId))?.state,
    tasks: (state: string) => admin.query<unknown[]>('SELECT 1 FROM task WHERE tenant_id = $1 AND state = $2', [tenantId, state]),
    async connected() {
      await say(connectionCreated, { connectionId, vendor: 'hubspot' });
      await eventually('the account to be set up', async () => (await store.find(tenantId, connectionId))?.state === 'healthy');
    },
    async reconnect() {
      const redirectUri = 'https://hub.example/oauth/callback';
      const scope = ['contacts', 'companies', 'deals'].flatMap((type) => ['objects', 'schemas'].flatMap((area) => [`crm.${area}.${type}.read`, `crm.${area}.${type}.write`])).join(' ');
      const page = new URL(`${sandbox.url}/hubspot/oauth/${String(portal.portalId)}/authorize`);
      page.search = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, scope }).toString();
      const code = (await control.openAuthorizationPage(page)).searchParams.get('code') ?? '';
      const answer = await fetch(`${sandbox.url}/hubspot/oauth/v3/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: app.clientId, client_secret: app.clientSecret }),
      });
      const renewed = z.object({ access_token: z.string(), refresh_token: z.string() }).parse(await answer.json());
      await keepTokens({ accessToken: renewed.access_token, refreshToken: renewed.refresh_token });
      await tenants.transaction(tenantId, (manager) => connections.health.move(manager, connection, 'connecting'));
    },
  };
}

const aContact = (email = `${randomUUID()}@example.com`): UpsertRecord => ({ object: 'contact', fields: { email, firstName: 'Anna' } });
const aDeal = (contactIds: string[] = []) => ({
  object: 'deal' as const, externalKey: `order/${randomUUID()}`, contactIds,
  fields: { name: 'Order 1001', status: 'open' as const, amount: { amountMinor: 12_935, currency: 'EUR' } },
});
/** HubSpot's answer to a call that names a property which the account does not have. */
const wrongProperty = {
  status: 'error', category: 'VALIDATION_ERROR',
  message: 'Property values were not valid: [{"isValid":false,"message":"Property \\"phone\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"phone"}]',
};

describe('the HubSpot service', () => {
  it('carries contact and deal into HubSpot and tells when a person wins the deal, once', async () => {
    const shop = await tenant();
    await shop.connected();
    const contactId = await shop.upsert(aContact('anna@example.com'));
    const dealId = await shop.upsert(aDeal([contactId]));

    await control.editHubSpotRecord(shop.portalId, 'deals', dealId, { properties: { dealstage: 'closedwon' } });
    await shop.touch(dealId);
    const [deal] = await eventually('the won deal', () => shop.deals().length > 0 && shop.deals());
    expect(deal).toMatchObject({
      source: { vendor: 'hubspot', connectionId: shop.connection.id, externalId: dealId }, status: 'won',
      amount: { amountMinor: 12_935, currency: 'EUR' }, contacts: [{ externalId: contactId, email: 'anna@example.com' }],
    });

    await shop.touch(dealId, 50);
    await shop.touch(dealId);
    await eventually('all tasks to be done', async () => (await shop.tasks('ready')).length + (await shop.tasks('running')).length === 0);
    await shop.upsert(aContact());
    expect(shop.deals()).toHaveLength(1);
  });

  it('says a deal again when only its contacts changed, which does not move its modified time', async () => {
    const shop = await tenant();
    await shop.connected();
    const deal = aDeal();
    const dealId = await shop.upsert(deal);
    await shop.touch(dealId);
    await eventually('the deal', () => shop.deals().length === 1);
    const contactId = await shop.upsert(aContact());
    await shop.upsert({ ...deal, contactIds: [contactId] });
    await shop.touch(dealId);
    await eventually('the deal with its contact', () => shop.deals().length === 2);
    expect(shop.deals()[1]).toMatchObject({ contacts: [{ externalId: contactId }] });
  });

  it('writes and answers once when a request comes three times', async () => {
    const shop = await tenant();
    const requestId = await shop.ask(aContact(), { times: 3 });
    await shop.answerTo(requestId);
    await shop.upsert(aContact());
    expect(shop.answers().filter((answer) => answer.requestId === requestId)).toHaveLength(1);
    expect(await control.hubSpotRecords(shop.portalId, 'contacts')).toHaveLength(2);
  });

  it('waits with deals until the account is set up', async () => {
    const shop = await tenant();
    const requestId = await shop.ask(aDeal());
    await eventually('the deal to wait', async () => (await shop.tasks('waiting')).length > 0);
    await shop.connected();
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'upserted', created: true });
  });

  it('says that a record was refused and why, and does the others', async () => {
    const shop = await tenant();
    await shop.connected();
    const requestId = await shop.ask({ ...aDeal(['999999999']) });
    const others = await Promise.all([shop.ask(aContact()), shop.ask(aContact())]);
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'refused', kind: 'not_found' });
    for (const other of others) expect(await shop.answerTo(other)).toMatchObject({ outcome: 'upserted' });
  });

  it('carries a deal with its contact in one request, and does neither twice', async () => {
    const shop = await tenant();
    await shop.connected();
    const requestId = await shop.ask({ ...aDeal(), contact: { email: 'ben@example.com' } });
    const contactId = await eventually('the contact', () => shop.answersTo(requestId)[0]?.contact);
    expect(shop.answersTo(requestId)).toMatchObject([{ object: 'deal', result: { outcome: 'upserted', created: true }, contact: { outcome: 'upserted', created: true } }]);
    const [deal] = await control.hubSpotRecords(shop.portalId, 'deals');
    await shop.touch(deal?.id ?? '');
    const [told] = await eventually('the deal', () => shop.deals().length > 0 && shop.deals());
    expect(told?.contacts).toMatchObject([{ ...(contactId.outcome === 'upserted' && { externalId: contactId.crmId }), email: 'ben@example.com' }]);
  });

  it.each([['contact', 'deal'], ['deal', 'contact']] as const)('takes the other where the %s of a pair is refused, and keeps the refused one as a task of its own', async (refused, other) => {
    const shop = await tenant();
    await shop.connected();
    await control.addFault('hubspot', { kind: 'status', status: 400, times: 2, pathPattern: `${refused}s/batch/upsert`, body: wrongProperty });
    const requestId = await shop.ask({ ...aDeal(), contact: { email: `${randomUUID()}@example.com` } });
    await eventually('both answers', () => shop.answersTo(requestId).length === 2);
    expect(shop.answersTo(requestId)).toMatchObject([
      { object: other, result: { outcome: 'upserted' } }, { object: refused, result: { outcome: 'refused', kind: 'invalid' } },
    ]);
    expect(await shop.tasks('dead')).toHaveLength(1);
  });

  it('refuses a pair of which neither can be taken as one', async () => {
    const shop = await tenant();
    await shop.connected();
    await control.addFault('hubspot', { kind: 'status', status: 400, times: 2, pathPattern: 'batch/upsert', body: wrongProperty });
    const requestId = await shop.ask({ ...aDeal(), contact: { email: `${randomUUID()}@example.com` } });
    await shop.answerTo(requestId);
    expect(shop.answersTo(requestId)).toMatchObject([{ object: 'deal', result: { outcome: 'refused' }, contact: { outcome: 'refused' } }]);
    expect(await shop.tasks('dead')).toHaveLength(1);
  });

  it('rests while the account is disconnected and goes on by itself when it is connected again', async () => {
    const shop = await tenant();
    await shop.connected();
    for (const kind of ['revoke-token', 'expire-token'] as const) await control.addFault('hubspot', { kind, account: String(shop.portalId) });
    const requestId = await shop.ask(aContact());
    await eventually('the connection to need a person', async () => (await shop.state()) === 'needs_reconnect');
    await eventually('the upsert to rest', async () => (await shop.tasks('parked')).length === 1);

    await shop.reconnect();
    await shop.connected();
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'upserted', created: true });
  });

  it('leaves what concerns other CRMs to their services', async () => {
    const shop = await tenant();
    const requestId = randomUUID();
    await shop.say(crmUpsertRequested, { requestId, vendor: 'salesforce', connectionId: shop.connection.id, record: aContact() });
    await shop.say(crmRecordTouched, {
      vendor: 'salesforce', connectionId: shop.connection.id, object: 'deal', externalId: '1', change: 'changed', occurredAt: new Date().toISOString(),
    });
    await shop.upsert(aContact());
    expect(shop.answers()).toHaveLength(1);
    expect(await control.hubSpotRecords(shop.portalId, 'contacts')).toHaveLength(1);
  });
});
