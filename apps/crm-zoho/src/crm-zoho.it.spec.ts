import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type ConnectionStore } from '@crossdock/connections';
import {
  connectionCreated, crmUpsertCompleted, crmUpsertRequested, envelopeSchema, eventKey,
  type EventData, type EventDefinition, type UpsertRecord,
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
import { crmZohoDefinition } from './crm-zoho.definition.ts';

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
  const databaseUrl = await testDatabase.migrateService('crm-zoho', crmServiceSchemas('crm-zoho'));
  tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'crm_zoho'));
  connections = new Connections({
    database: tenants, publisher, service: 'crm-zoho', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
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

  const config = crmZohoDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', publicUrl: 'https://hub.example', vaultKeys, outboundAllowPrivateNetworks: 'true',
    zohoAccountsUrl: `${sandbox.url}/zoho/accounts/{location}`, zohoClientId: app.clientId, zohoClientSecret: app.clientSecret,
  });
  service = await startService(crmZohoDefinition, config, createLogger('crm-zoho', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  await topics.drop();
  await testDatabase.drop();
  await sandbox.stop();
}, 60_000);

/** A tenant whose Zoho organisation is connected, in the data centre of India. */
async function tenant() {
  const tenantId = randomUUID();
  const org = await control.createZohoOrg({ ...app, location: 'in' });
  const { id: connectionId } = await tenants.transaction(tenantId, async (manager) => {
    const connection = await store.create(manager, {
      tenantId, vendor: 'zoho', accountId: org.orgId, settings: { location: 'in', apiDomain: org.apiUrl, companyCurrency: 'EUR' },
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
  await say(connectionCreated, { connectionId, vendor: 'zoho' });
  await eventually('the organisation to be set up', async () => (await store.find(tenantId, connectionId))?.state === 'healthy');
  return {
    orgId: org.orgId,
    connectionId,
    async upsert(record: UpsertRecord) {
      const requestId = randomUUID();
      await say(crmUpsertRequested, { requestId, vendor: 'zoho', connectionId, record });
      return eventually('the answer to an upsert', () => answers.find((answer) => answer.requestId === requestId)?.result);
    },
  };
}

const aContact = (email: string): UpsertRecord => ({ object: 'contact', fields: { email, lastName: 'Muster' } });

describe('the Zoho service', () => {
  it('makes the field for its keys and upserts contact and deal, once however often they are asked for', async () => {
    const shop = await tenant();
    const deal: UpsertRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    for (const record of [aContact('Anna@Example.com'), deal]) {
      const first = await shop.upsert(record);
      expect(first).toMatchObject({ outcome: 'upserted', created: true });
      expect(await shop.upsert(record)).toEqual({ ...first, created: false });
    }
    expect(await control.zohoRecords(shop.orgId, 'Contacts')).toMatchObject([{ Email: 'anna@example.com', Last_Name: 'Muster' }]);
    expect(await control.zohoRecords(shop.orgId, 'Deals')).toMatchObject([{ Crossdock_Key: 'order/1001', Deal_Name: 'Order 1001', Stage: 'Qualification', Amount: 129.35 }]);
  });

  it('opens a channel of notifications with a token of the connection’s own', async () => {
    const [shop, other] = await Promise.all([tenant(), tenant()]);
    const channelsOf = (orgId: string) => eventually('the channel to be open', async () => {
      const channels = await control.zohoChannels(orgId);
      return channels.length > 0 ? channels : undefined;
    });
    const [[channel], [another]] = await Promise.all([channelsOf(shop.orgId), channelsOf(other.orgId)]);
    expect(channel).toMatchObject({ events: ['Deals.all'], notifyUrl: `https://hub.example/webhooks/zoho/${shop.connectionId}`, token: expect.stringMatching(/^[\w-]{32,50}$/) });
    expect([channel?.token === another?.token, channel?.channelId === another?.channelId]).toEqual([false, false]);
  });

  it('renews a token that has run out, at the organisation’s own data centre', async () => {
    const shop = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await control.addFault('zoho', { kind: 'expire-token', account: shop.orgId });
      expect(await shop.upsert(aContact(email))).toMatchObject({ outcome: 'upserted', created: true });
    }
  });
});
