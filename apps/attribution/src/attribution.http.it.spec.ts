import { randomUUID } from 'node:crypto';
import {
  dealChanged, deterministicId, eventKey, shipmentDelivered, type EventData, type EventDefinition, type ServiceName,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { FlagStore } from '@crossdock/feature-flags';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import {
  createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics,
} from '@crossdock/test-stack';
import { TenantDatabase } from '@crossdock/tenancy';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { attributionDefinition } from './attribution.definition.ts';
import { attributionSchema } from './attribution.schema.ts';
import { reportCsvExample } from './reports/report-csv.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();

let testDatabase: TestDatabase;
let topics: TestTopics;
let issuer: IssuerFixture;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
  service = await startService(attributionDefinition, attributionDefinition.config.parse({
    databaseUrl: await testDatabase.migrateService('attribution', [attributionSchema]), kafkaBrokers: topics.brokers.join(','),
    topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'), port: 0, internalPort: 0, authIssuerUrl: issuer.url,
  }), createLogger('attribution', 'fatal'));
});

afterAll(async () => {
  await service.stop();
  await issuer.stop();
  await topics.drop();
  await testDatabase.drop();
});

async function get(path: string, tenant = tenantId): Promise<{ status: number; body: unknown }> {
  const token = await issuer.sign({ claims: { aud: 'attribution', scope: 'attribution:read tenant:any' } });
  const response = await service.app.inject({
    method: 'GET', url: path, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant },
  });
  return { status: response.statusCode, body: response.json() };
}

async function say<Definition extends EventDefinition>(from: ServiceName, definition: Definition, subject: string, data: EventData<Definition>): Promise<void> {
  const envelope = new EventPublisher(from, () => undefined).envelope({ tenantId, correlationId: randomUUID() }, definition, { subject, data });
  const producer = topics.kafka.producer({ retry: { retries: 10 } });
  await producer.connect();
  await producer.send({ topic: topics.prefix + definition.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
  await producer.disconnect();
}

describe('the attribution service', () => {
  it('hears of a delivered sample and a won deal on the bus and shows the credit', async () => {
    const shipmentId = randomUUID();
    const dealId = deterministicId('deal', tenantId, connectionId, '42');
    await say('crm-hubspot', dealChanged, 'hubspot/deal/42', {
      source: { vendor: 'hubspot', connectionId, externalId: '42' }, modifiedAt: '2026-03-10T00:00:00.000Z', name: 'Order 727',
      status: 'won', amount: { amountMinor: 2_935, currency: 'USD' }, closedAt: '2026-03-10T00:00:00.000Z',
      contacts: [{ externalId: '1', email: 'Ada@example.com' }],
    });
    await say('shipping', shipmentDelivered, `shipment/${shipmentId}`, {
      shipmentId, status: 'delivered', sample: { contactEmail: 'ada@example.com' }, deliveredAt: '2026-03-02T00:00:00.000Z',
    });
    const report = await eventually('the credit', async () => {
      const { status, body } = await get(`/v1/attribution/samples/${shipmentId}`);
      return status === 200 && z.looseObject({ credits: z.array(z.unknown()).min(1) }).safeParse(body).data;
    });
    expect(report).toMatchObject({ credits: [{ dealId, amountMinor: 2_935 }], totals: [{ currency: 'USD', amountMinor: 2_935 }] });
    expect(await get(`/v1/attribution/deals/${dealId}`)).toMatchObject({ status: 200, body: { status: 'won', credits: [{ touchId: shipmentId, channel: 'sample' }] } });
    expect(await get(`/v1/attribution/samples/${shipmentId}`, randomUUID())).toMatchObject({ status: 404 });
  });

  it('takes touches that other systems tell, and shows what each channel brought, as a file too', async () => {
    const tenant = randomUUID();
    const tell = async (body: unknown) => {
      const token = await issuer.sign({ claims: { aud: 'attribution', scope: 'attribution:write tenant:any' } });
      return service.app.inject({
        method: 'POST', url: '/v1/attribution/touches', payload: JSON.stringify(body),
        headers: { 'authorization': `Bearer ${token}`, 'x-crossdock-tenant': tenant, 'content-type': 'application/json' },
      });
    };
    const touch = { id: 'visit-1', kind: 'web', contactEmail: 'ada@example.com', occurredAt: '2026-03-02T00:00:00.000Z', channel: '=Search' };
    expect(await tell({ touches: [touch, touch] })).toMatchObject({ statusCode: 200 });
    expect(await tell({ touches: [{ ...touch, kind: 'sample' }] })).toMatchObject({ statusCode: 422 });
    expect(await tell({ touches: [{ ...touch, contactEmail: undefined }] })).toMatchObject({ statusCode: 422 });
    expect(await tell({ touches: [{ ...touch, cost: { amountMinor: -1, currency: 'EUR' } }] })).toMatchObject({ statusCode: 422 });
    expect(await get('/v1/attribution/report', tenant)).toMatchObject({ status: 200, body: { by: 'channel', rows: [{ key: '=search', touches: 1 }] } });
    expect(await get('/v1/attribution/report?models=guess', tenant)).toMatchObject({ status: 422 });
    const token = await issuer.sign({ claims: { aud: 'attribution', scope: 'attribution:read tenant:any' } });
    const file = await service.app.inject({
      method: 'GET', url: '/v1/attribution/report.csv', headers: { 'authorization': `Bearer ${token}`, 'x-crossdock-tenant': tenant },
    });
    expect([file.headers['content-type'], file.body]).toEqual(['text/csv; charset=utf-8', `${reportCsvExample.split('\n')[0]}\n`]);
    const table = await service.app.inject({
      method: 'GET', url: '/v1/attribution/report.parquet', headers: { 'authorization': `Bearer ${token}`, 'x-crossdock-tenant': tenant },
    });
    expect([table.headers['content-type'], table.rawPayload.subarray(0, 4).toString()]).toEqual(['application/vnd.apache.parquet', 'PAR1']);
  });

  it('knows workspaces as the gateway tells them', async () => {
    const [tenant, workspace, account] = [randomUUID(), randomUUID(), randomUUID()];
    const touches = [{ id: 'visit-1', kind: 'web', contactEmail: 'ada@example.com', occurredAt: '2026-03-02T00:00:00.000Z', channel: 'search', connectionId: account }];
    const token = await issuer.sign({ claims: { aud: 'attribution', scope: 'attribution:read attribution:write tenant:any' } });
    const headers = { 'authorization': `Bearer ${token}`, 'x-crossdock-tenant': tenant, 'content-type': 'application/json' };
    expect(await service.app.inject({ method: 'POST', url: '/v1/attribution/touches', payload: JSON.stringify({ touches }), headers })).toMatchObject({ statusCode: 200 });
    const report = async (query: string, workspaces: unknown) =>
      (await service.app.inject({ method: 'GET', url: `/v1/attribution/report?${query}`, headers: { ...headers, 'x-crossdock-workspaces': JSON.stringify(workspaces) } })).json<unknown>();
    expect(await report('by=workspace', { [workspace]: [account] })).toMatchObject({ by: 'workspace', rows: [{ key: workspace, touches: 1 }] });
    expect(await report(`workspace=${workspace}`, { [workspace]: [account] })).toMatchObject({ rows: [{ key: 'search' }] });
    expect(await report(`workspace=${workspace}`, {})).toMatchObject({ rows: [] });
  });

  it('leaves Markov chains out of reports of a tenant that they are held back from', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    await new FlagStore(service.app.get(TenantDatabase)).change({ flag: 'attribution-markov', tenantId: tenant, percentage: 0, changedBy: 'ops', reason: 'They are too slow.' });
    await eventually('the flag to hold', async () => (await get('/v1/attribution/report?models=markov', tenant)).status === 403, 60_000);
    expect(await get('/v1/attribution/report', tenant)).toMatchObject({ status: 200 });
    expect(await get('/v1/attribution/report?models=markov', other)).toMatchObject({ status: 200 });
  });

  it('answers nobody without a token, and leaves no route without a rule', async () => {
    expect((await service.app.inject({ method: 'GET', url: `/v1/attribution/samples/${randomUUID()}` })).statusCode).toBe(401);
    expect(await get(`/v1/attribution/deals/${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(routesWithoutRule(service.app)).toEqual([]);
  });
});
