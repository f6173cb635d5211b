import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type ConnectionStore } from '@crossdock/connections';
import {
  connectionCreated, crmUpsertCompleted, crmUpsertRequested, envelopeSchema, eventKey,
  type ConnectionState, type EventData, type EventDefinition, type UpsertRecord,
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
import { crmSalesforceDefinition } from './crm-salesforce.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const publisher = new EventPublisher('orders', () => undefined);
const answers: Array<EventData<typeof crmUpsertCompleted>> = [];

let testDatabase: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
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
  const databaseUrl = await testDatabase.migrateService('crm-salesforce', crmServiceSchemas('crm-salesforce'));
  admin = await testDatabase.connectAsAdmin('crm_salesforce');
  tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'crm_salesforce'));
  connections = new Connections({
    database: tenants, publisher, service: 'crm-salesforce', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  store = connections.store;

  producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  consumer = topics.kafka.consumer({ groupId: `${topics.prefix}listener` });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: topics.prefix + crmUpsertCompleted.type, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      answers.push(crmUpsertCompleted.schema.parse(data));
    },
  });

  const config = crmSalesforceDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true',
    salesforceLoginUrl: `${sandbox.url}/salesforce`, salesforceClientId: app.clientId, salesforceClientSecret: app.clientSecret,
  });
  service = await startService(crmSalesforceDefinition, config, createLogger('crm-salesforce', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  await topics.drop();
  await testDatabase.drop();
  await sandbox.stop();
}, 60_000);

/** A tenant whose Salesforce organisation is connected, with refresh tokens that work once. */
async function tenant(abilities: Parameters<SandboxControl['changeSalesforceOrg']>[1] = {}, state: ConnectionState = 'healthy') {
  const tenantId = randomUUID();
  const org = await control.createSalesforceOrg({ ...app, rotateRefreshTokens: true });
  await control.changeSalesforceOrg(org.orgId, abilities);
  const { id: connectionId } = await tenants.transaction(tenantId, async (manager) => {
    const connection = await store.create(manager, {
      tenantId, vendor: 'salesforce', accountId: org.orgId, endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' },
    });
    await connections.tokens.keep(manager, connection, { accessToken: org.accessToken, refreshToken: org.refreshToken });
    return connection;
  });
  async function say<D extends EventDefinition>(definition: D, data: EventData<D>): Promise<void> {
    const envelope = publisher.envelope({ tenantId, correlationId: randomUUID() }, definition, { subject: `test/${randomUUID()}`, data });
    await producer.send({
      topic: topics.prefix + definition.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }],
    });
  }
  await say(connectionCreated, { connectionId, vendor: 'salesforce' });
  await eventually('the organisation to be checked', async () => (await store.find(tenantId, connectionId))?.state === state);
  return {
    orgId: org.orgId,
    connection: () => store.find(tenantId, connectionId),
    mode: async () => {
      const [row] = await admin.query<Array<{ mode: string }>>(`SELECT capabilities ->> 'mode' AS mode FROM account_set_up WHERE connection_id = $1`, [connectionId]);
      return row?.mode;
    },
    async upsert(record: UpsertRecord) {
      const requestId = randomUUID();
      await say(crmUpsertRequested, { requestId, vendor: 'salesforce', connectionId, record });
      return eventually('the answer to an upsert', () => answers.find((answer) => answer.requestId === requestId)?.result);
    },
  };
}

describe('the Salesforce service', () => {
  it('upserts contact and opportunity by our external id, once however often they are asked for', async () => {
    const shop = await tenant();
    const contact: UpsertRecord = { object: 'contact', fields: { email: 'Anna@Example.com', lastName: 'Muster' } };
    const deal: UpsertRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    for (const record of [contact, deal]) {
      const first = await shop.upsert(record);
      expect(first).toMatchObject({ outcome: 'upserted', created: true });
      expect(await shop.upsert(record)).toEqual({ ...first, created: false });
    }
    expect(await control.salesforceRecords(shop.orgId, 'Contact')).toMatchObject([{ Email: 'anna@example.com', LastName: 'Muster' }]);
    expect(await control.salesforceRecords(shop.orgId, 'Opportunity')).toMatchObject([
      { Crossdock_External_Id__c: 'order/1001', Name: 'Order 1001', StageName: 'Prospecting', Amount: 129.35 },
    ]);
  });

  it('says on the connection what a person has to make in the organisation, or why nothing works', async () => {
    const light = await tenant({ externalIdFields: false, permissions: { modifyMetadata: false, customizeApplication: false } }, 'degraded');
    expect([await light.mode(), (await light.connection())?.stateReason]).toEqual(['light', expect.stringContaining('an administrator must create it')]);
    const closed = await tenant({ apiEnabled: false }, 'degraded');
    expect([await closed.mode(), (await closed.connection())?.stateReason]).toEqual(['none', expect.stringContaining('API Enabled')]);
  });

  it('asks each week what the organisation allows, and sets it up anew where that changed', async () => {
    const shop = await tenant();
    expect(await shop.mode()).toBe('full');
    await control.changeSalesforceOrg(shop.orgId, { objectRights: { Opportunity: { queryable: true, createable: false, updateable: false, deletable: false } } });
    await admin.query(`UPDATE account_set_up SET probed_at = now() - interval '8 days'`);
    await admin.query(`UPDATE schedule SET next_at = now() WHERE name = 'crm-upkeep'`);
    await eventually('the account to be found read only', async () => await shop.mode() === 'read_only');
    await eventually('the connection to say so', async () => (await shop.connection())?.state === 'degraded');
  });

  it('renews a session that has run out, twice in a row, with refresh tokens that work once', async () => {
    const shop = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await control.addFault('salesforce', { kind: 'expire-token', account: shop.orgId });
      expect(await shop.upsert({ object: 'contact', fields: { email } })).toMatchObject({ outcome: 'upserted', created: true });
    }
  });

  it('says that an amount in another currency was refused', async () => {
    const shop = await tenant();
    expect(await shop.upsert({
      object: 'deal', externalKey: 'order/1', contactIds: [], fields: { name: 'Order 1', status: 'open', amount: { amountMinor: 100, currency: 'USD' } },
    })).toMatchObject({ outcome: 'refused', kind: 'invalid' });
    expect(await control.salesforceRecords(shop.orgId, 'Opportunity')).toEqual([]);
  });
});
