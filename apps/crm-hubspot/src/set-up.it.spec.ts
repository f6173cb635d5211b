import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type ConnectionStore } from '@crossdock/connections';
import { connectionCreated, eventKey } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Partitioners, type Producer } from 'kafkajs';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const publisher = new EventPublisher('gateway', () => undefined);
const viewSchema = z.looseObject({
  job: z.looseObject({ id: z.uuid(), state: z.string(), done: z.number(), step: z.string().optional() }),
  capabilities: z.looseObject({ mode: z.string(), probedAt: z.string() }).optional(),
});

let testDatabase: TestDatabase;
let topics: TestTopics;
let issuer: IssuerFixture;
let sandbox: Sandbox;
let control: SandboxControl;
let admin: DataSource;
let tenants: TenantDatabase;
let connections: Connections;
let store: ConnectionStore;
let producer: Producer;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, sandbox, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 }), startIssuer()]);
  control = new SandboxControl(sandbox.url);
  const databaseUrl = await testDatabase.migrateService('crm-hubspot', crmServiceSchemas('crm-hubspot'));
  admin = await testDatabase.connectAsAdmin('crm_hubspot');
  tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'crm_hubspot'));
  connections = new Connections({
    database: tenants, publisher: new EventPublisher('crm-hubspot', () => undefined), service: 'crm-hubspot', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  store = connections.store;
  producer = topics.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const config = crmHubSpotDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: issuer.url, vaultKeys, outboundAllowPrivateNetworks: 'true', publicUrl: 'https://hub.example.com',
    hubspotApiUrl: `${sandbox.url}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
  });
  service = await startService(crmHubSpotDefinition, config, createLogger('crm-hubspot', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await producer.disconnect();
  await topics.drop();
  await testDatabase.drop();
  await sandbox.stop();
  await issuer.stop();
}, 60_000);

/** A tenant with a HubSpot account, and how callers see its set-up. */
async function account(scopes?: readonly string[]) {
  const tenantId = randomUUID();
  const portal = await control.createHubSpotPortal({ ...app, ...(scopes && { scopes: [...scopes] }) });
  const { id: connectionId } = await tenants.transaction(tenantId, async (manager) => {
    const connection = await store.create(manager, { tenantId, vendor: 'hubspot', accountId: String(portal.portalId) });
    await connections.tokens.keep(manager, connection, portal);
    return connection;
  });
  const token = await issuer.sign({ claims: { aud: 'crm-hubspot', scope: 'connections:read connections:write tenant:any' } });
  const call = (method: 'GET' | 'POST', tenant = tenantId) => service.app.inject({
    method, url: `/v1/connections/${connectionId}/set-up`, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant },
  });
  const view = async () => {
    const response = await call('GET');
    return response.statusCode === 200 ? viewSchema.parse(response.json()) : undefined;
  };
  return {
    portal, call, view,
    connection: () => store.find(tenantId, connectionId),
    async connected(times = 1): Promise<void> {
      const envelope = publisher.envelope({ tenantId, correlationId: randomUUID() }, connectionCreated, {
        subject: `connection/${connectionId}`, data: { connectionId, vendor: 'hubspot' },
      });
      const message = { key: eventKey(envelope), value: JSON.stringify(envelope) };
      await producer.send({ topic: topics.prefix + connectionCreated.type, messages: Array.from({ length: times }, () => message) });
    },
    ended: () => eventually('the set-up to end', async () => {
      const found = await view();
      return found?.job.state === 'succeeded' && found;
    }),
  };
}

const types = ['contacts', 'companies', 'deals'] as const;
const jobsOf = (jobId: string) => admin.query<unknown[]>('SELECT 1 FROM job WHERE id = $1 OR tenant_id = (SELECT tenant_id FROM job WHERE id = $1)', [jobId]);

describe('the set-up of a HubSpot account', () => {
  it('asks what the account allows, makes the properties, and calls the connection healthy, once however often the event comes', async () => {
    const shop = await account();
    await shop.connected(3);
    const view = await shop.ended();
    expect(view).toMatchObject({ job: { done: 4, total: 4, step: 'health' }, capabilities: { mode: 'full' }, changeNotices: { kind: 'app' } });
    expect(await jobsOf(view.job.id)).toHaveLength(1);
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
    for (const property of [...types.map((type) => `${type}/crossdock_external_id`), 'deals/crossdock_order_status']) {
      const answer = await fetch(`${sandbox.url}/hubspot/crm/v3/properties/${property}`, { headers: { authorization: `Bearer ${shop.portal.accessToken}` } });
      expect([property, answer.status]).toEqual([property, 200]);
    }
  });

  it('goes on where a worker died, and does no step again that was done', async () => {
    const shop = await account();
    await control.addFault('hubspot', { kind: 'latency', latencyMs: 15_000, times: 1, pathPattern: '^POST .*properties' });
    await shop.connected();
    const stuck = await eventually('the worker to wait for HubSpot', async () => {
      const found = await shop.view();
      return found?.job.step === 'fields' && found;
    });
    await admin.query(`UPDATE task SET lease_holder = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE payload ->> 'jobId' = $1`, [stuck.job.id]);
    const view = await shop.ended();
    expect(view.job.id).toBe(stuck.job.id);
    expect(view.capabilities?.probedAt).toBe(stuck.capabilities?.probedAt);
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
  });

  it('adapts to an account that may be read only, and says so on the connection', async () => {
    const shop = await account(['oauth', ...types.flatMap((type) => [`crm.objects.${type}.read`, `crm.schemas.${type}.read`])]);
    await shop.connected();
    expect(await shop.ended()).toMatchObject({ capabilities: { mode: 'read_only' } });
    expect(await shop.connection()).toMatchObject({ state: 'degraded', stateReason: expect.stringContaining('scopes to write') });
  });

  it('names what a person has to make where the hub may not, and is through once it is there', async () => {
    const shop = await account(['oauth', ...types.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`, `crm.schemas.${type}.read`])]);
    await shop.connected();
    const before = await shop.ended();
    expect(before).toMatchObject({ capabilities: { mode: 'light' }, missing: expect.stringContaining('HubSpot') });
    expect(await shop.connection()).toMatchObject({ state: 'degraded' });

    for (const type of types) await control.addHubSpotProperty(shop.portal.portalId, type, 'crossdock_external_id');
    await control.addHubSpotProperty(shop.portal.portalId, 'deals', 'crossdock_order_status', { hasUniqueValue: false });
    expect((await shop.call('POST')).statusCode).toBe(202);
    const after = await eventually('the second set-up', async () => {
      const found = await shop.view();
      return found?.job.id !== before.job.id && found?.job.state === 'succeeded' && found;
    });
    expect(after).not.toHaveProperty('missing');
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
  });

  it('is shown to nobody else', async () => {
    const shop = await account();
    await shop.connected();
    await shop.ended();
    expect((await shop.call('GET', randomUUID())).statusCode).toBe(404);
    expect((await shop.call('POST', randomUUID())).statusCode).toBe(404);
  });
});
