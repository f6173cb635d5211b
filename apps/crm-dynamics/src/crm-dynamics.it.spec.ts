import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type ConnectionStore } from '@crossdock/connections';
import {
  connectionCreated, crmUpsertCompleted, crmUpsertRequested, envelopeSchema, eventKey,
  type EventData, type EventDefinition, type UpsertRecord,
} from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Partitioners, type Consumer, type Producer } from 'kafkajs';
import { Registry } from 'prom-client';
import { crmDynamicsDefinition } from './crm-dynamics.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const publisher = new EventPublisher('orders', () => undefined);
const answers: Array<EventData<typeof crmUpsertCompleted>> = [];

let testDatabase: TestDatabase;
let topics: TestTopics;
let tenants: TenantDatabase;
let connections: Connections;
let store: ConnectionStore;
let sandbox: Sandbox;
let control: SandboxControl;
let producer: Producer;
let consumer: Consumer;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 })]);
  control = new SandboxControl(sandbox.url);
  const databaseUrl = await testDatabase.migrateService('crm-dynamics', crmServiceSchemas('crm-dynamics'));
  tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'crm_dynamics'));
  connections = new Connections({
    database: tenants, publisher, service: 'crm-dynamics', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  store = connections.store;

  producer = topics.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  consumer = topics.kafka.consumer({ groupId: `${topics.prefix}listener` });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: topics.prefix + crmUpsertCompleted.type, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      answers.push(crmUpsertCompleted.schema.parse(data));
    },
  });

  const config = crmDynamicsDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true',
    dynamicsLoginUrl: `${sandbox.url}/dynamics`, dynamicsEnvironmentDomains: '127.0.0.1', dynamicsClientId: app.clientId, dynamicsClientSecret: app.clientSecret,
  });
  service = await startService(crmDynamicsDefinition, config, createLogger('crm-dynamics', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  await topics.drop();
  await testDatabase.drop();
  await sandbox.stop();
}, 60_000);

/** A tenant whose Dynamics environment is connected by a user's consent. */
async function tenant() {
  const tenantId = randomUUID();
  const environment = await control.createDynamicsEnvironment(app);
  const { id: connectionId } = await tenants.transaction(tenantId, async (manager) => {
    const connection = await store.create(manager, {
      tenantId, vendor: 'dynamics', accountId: environment.orgId, settings: { environmentUrl: environment.environmentUrl },
    });
    await connections.tokens.keep(manager, connection, environment);
    return connection;
  });
  async function say<D extends EventDefinition>(definition: D, data: EventData<D>): Promise<void> {
    const envelope = publisher.envelope({ tenantId, correlationId: randomUUID() }, definition, { subject: `test/${randomUUID()}`, data });
    await producer.send({
      topic: topics.prefix + definition.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }],
    });
  }
  await say(connectionCreated, { connectionId, vendor: 'dynamics' });
  await eventually('the environment to be set up', async () => (await store.find(tenantId, connectionId))?.state === 'healthy');
  return {
    orgId: environment.orgId,
    async upsert(record: UpsertRecord) {
      const requestId = randomUUID();
      await say(crmUpsertRequested, { requestId, vendor: 'dynamics', connectionId, record });
      return eventually('the answer to an upsert', () => answers.find((answer) => answer.requestId === requestId)?.result);
    },
  };
}

describe('the Dynamics service', () => {
  it('upserts contact and opportunity once however often they are asked for, with the hub’s key in a column that it made itself', async () => {
    const shop = await tenant();
    const contact: UpsertRecord = { object: 'contact', fields: { email: 'Anna@Example.com', firstName: 'Anna', lastName: 'Muster' } };
    const first = await shop.upsert(contact);
    expect(first).toMatchObject({ outcome: 'upserted', created: true });
    const deal: UpsertRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: first.outcome === 'upserted' ? [first.crmId] : [],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    expect(await shop.upsert(deal)).toMatchObject({ outcome: 'upserted', created: true });
    for (const record of [contact, deal]) expect(await shop.upsert(record)).toMatchObject({ outcome: 'upserted', created: false });
    expect(await control.dynamicsRows(shop.orgId, 'contacts')).toMatchObject([{ fullname: 'Anna Muster', emailaddress1: 'anna@example.com' }]);
    expect(await control.dynamicsRows(shop.orgId, 'opportunities')).toMatchObject([
      { name: 'Order 1001', xdock_externalkey: 'order/1001', estimatedvalue: 129.35, statecode: 0, _parentcontactid_value: first.outcome === 'upserted' && first.crmId },
    ]);
  });

  it('renews a token that has run out, twice in a row, with another refresh token each time', async () => {
    const shop = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await control.addFault('dynamics', { kind: 'expire-token', account: shop.orgId });
      expect(await shop.upsert({ object: 'contact', fields: { email } })).toMatchObject({ outcome: 'upserted', created: true });
    }
  });
});
