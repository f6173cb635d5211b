import { randomUUID } from 'node:crypto';
import { dealChanged, deterministicId, shipmentDelivered } from '@crossdock/contracts';
import { FlagStore } from '@crossdock/feature-flags';
import { TestedService } from '@crossdock/service-kit/tested-service.fixture';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { attributionDefinition } from './attribution.definition.ts';
import { attributionSchema } from './attribution.schema.ts';
import { reportCsvExample } from './reports/report-csv.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();

let attribution: TestedService;

beforeAll(async () => {
  attribution = await TestedService.start(attributionDefinition, [attributionSchema]);
});

afterAll(() => attribution.stop());

const get = (path: string, tenant = tenantId) => attribution.call('GET', path, { tenantId: tenant, scope: 'attribution:read' });
const tell = (tenant: string, touches: readonly object[]) => attribution.call('POST', '/v1/attribution/touches', { tenantId: tenant, scope: 'attribution:write', body: { touches } });

describe('the attribution service', () => {
  it('hears of a delivered sample and a won deal on the bus and shows the credit', async () => {
    const shipmentId = randomUUID();
    const dealId = deterministicId('deal', tenantId, connectionId, '42');
    await attribution.say(tenantId, 'crm-hubspot', dealChanged, { subject: 'hubspot/deal/42', data: {
      source: { vendor: 'hubspot', connectionId, externalId: '42' }, modifiedAt: '2026-03-10T00:00:00.000Z', name: 'Order 727',
      status: 'won', amount: { amountMinor: 2_935, currency: 'USD' }, closedAt: '2026-03-10T00:00:00.000Z',
      contacts: [{ externalId: '1', email: 'Ada@example.com' }],
    } });
    await attribution.say(tenantId, 'shipping', shipmentDelivered, { subject: `shipment/${shipmentId}`, data: {
      shipmentId, status: 'delivered', sample: { contactEmail: 'ada@example.com' }, deliveredAt: '2026-03-02T00:00:00.000Z',
    } });
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
    const touch = { id: 'visit-1', kind: 'web', contactEmail: 'ada@example.com', occurredAt: '2026-03-02T00:00:00.000Z', channel: '=Search' };
    expect(await tell(tenant, [touch, touch])).toMatchObject({ status: 200 });
    expect(await tell(tenant, [{ ...touch, kind: 'sample' }])).toMatchObject({ status: 422 });
    expect(await tell(tenant, [{ ...touch, contactEmail: undefined }])).toMatchObject({ status: 422 });
    expect(await tell(tenant, [{ ...touch, cost: { amountMinor: -1, currency: 'EUR' } }])).toMatchObject({ status: 422 });
    expect(await get('/v1/attribution/report', tenant)).toMatchObject({ status: 200, body: { by: 'channel', rows: [{ key: '=search', touches: 1 }] } });
    expect(await get('/v1/attribution/report?models=guess', tenant)).toMatchObject({ status: 422 });
    const file = await get('/v1/attribution/report.csv', tenant);
    expect([file.headers['content-type'], file.text]).toEqual(['text/csv; charset=utf-8', `${reportCsvExample.split('\n')[0]}\n`]);
    const table = await get('/v1/attribution/report.parquet', tenant);
    expect([table.headers['content-type'], table.text.slice(0, 4)]).toEqual(['application/vnd.apache.parquet', 'PAR1']);
  });

  it('knows workspaces as the gateway tells them', async () => {
    const [tenant, workspace, account] = [randomUUID(), randomUUID(), randomUUID()];
    const touches = [{ id: 'visit-1', kind: 'web', contactEmail: 'ada@example.com', occurredAt: '2026-03-02T00:00:00.000Z', channel: 'search', connectionId: account }];
    expect(await tell(tenant, touches)).toMatchObject({ status: 200 });
    const report = async (query: string, workspaces: unknown) => (await attribution.call('GET', `/v1/attribution/report?${query}`, {
      tenantId: tenant, scope: 'attribution:read', headers: { 'x-crossdock-workspaces': JSON.stringify(workspaces) },
    })).body;
    expect(await report('by=workspace', { [workspace]: [account] })).toMatchObject({ by: 'workspace', rows: [{ key: workspace, touches: 1 }] });
    expect(await report(`workspace=${workspace}`, { [workspace]: [account] })).toMatchObject({ rows: [{ key: 'search' }] });
    expect(await report(`workspace=${workspace}`, {})).toMatchObject({ rows: [] });
  });

  it('leaves Markov chains out of reports of a tenant that they are held back from', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    await new FlagStore(attribution.tenants).change({ flag: 'attribution-markov', tenantId: tenant, percentage: 0, changedBy: 'ops', reason: 'They are too slow.' });
    await eventually('the flag to hold', async () => (await get('/v1/attribution/report?models=markov', tenant)).status === 403, 60_000);
    expect(await get('/v1/attribution/report', tenant)).toMatchObject({ status: 200 });
    expect(await get('/v1/attribution/report?models=markov', other)).toMatchObject({ status: 200 });
  });

  it('answers nobody without a token, and leaves no route without a rule', async () => {
    expect(await attribution.statusWithoutToken(`/v1/attribution/samples/${randomUUID()}`)).toBe(401);
    expect(await get(`/v1/attribution/deals/${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(routesWithoutRule(attribution.service.app)).toEqual([]);
  });
});
