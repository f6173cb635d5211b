import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectingGateway } from '../connections/connecting-gateway.fixture.ts';
import { ServiceStandIn } from '../graphql/service-stand-in.fixture.ts';

const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const micros = (second: number): string => `${Date.parse(at(second))}000`;
const line = (id: string, second: number) => ({
  id, origin: 'event', state: 'dead', kind: 'commerce.order.received.v1', reason: 'invalid', error: 'no', tenantId: null, record: null, at: at(second), place: `${micros(second)}.${id}`,
});

let services: ServiceStandIn;
let world: ConnectingGateway;
let tenant: Awaited<ReturnType<ConnectingGateway['tenant']>>;
beforeAll(async () => {
  services = await ServiceStandIn.start();
  world = await ConnectingGateway.start({ ...services.environment, JOURNAL_URL: 'http://127.0.0.1:9' });
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: 'token', token_type: 'Bearer', expires_in: 600 } });
  tenant = await world.tenant();
}, 120_000);
afterAll(async () => {
  await world.stop();
  await services.stop();
});

describe('a tenant’s dead letters at the gateway', () => {
  it('are those of all services and its own in one order, page by page, and name the services that do not answer', async () => {
    const own = randomUUID();
    await world.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at) VALUES ($1, $2, 'webhook', 'hubspot', 'invalid', 'no', '{}', $3)`, [own, tenant.id, at(2)]);
    services.answer = () => ({ body: { items: [line('10', 1), line('11', 3)] } });
    const before = services.calls.length;
    const first = await tenant.call('GET', '/v1/dead-letters?limit=2&reason=invalid');
    expect(first.body).toMatchObject({ items: [{ id: '10', at: at(1) }, { id: '10' }], unavailable: expect.arrayContaining(['journal']) as unknown });
    expect(services.calls.slice(before).every(({ tenantId, path }) => tenantId === tenant.id && path.startsWith('/v1/own-dead-letters?limit=2&reason=invalid'))).toBe(true);
    const all = await tenant.call('GET', '/v1/dead-letters?limit=500');
    const ids = (all.body['items'] as ReadonlyArray<{ readonly id: string; readonly service: string }>).map(({ id, service }) => (service === 'gateway' ? 'own' : id));
    expect(ids).toEqual([...ids.filter((id) => id === '10'), 'own', ...ids.filter((id) => id === '11')]);
    expect((await tenant.call('GET', '/v1/dead-letters?service=gateway')).body).toMatchObject({ items: [{ id: own, service: 'gateway' }], unavailable: [] });
    expect((await tenant.call('GET', '/v1/dead-letters?service=kitchen')).status).toBe(422);
  });

  it('are acted upon in the name of the caller, in the service that keeps them', async () => {
    const own = randomUUID();
    await world.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at) VALUES ($1, $2, 'webhook', 'hubspot', 'invalid', 'no', '{}', now())`, [own, tenant.id]);
    services.answer = () => ({ body: { results: [{ id: '10', result: 'queued' }] } });
    expect((await tenant.call('POST', '/v1/dead-letters/orders/replay', { reason: 'the shop was mended', ids: ['10'] })).body).toEqual({ results: [{ id: '10', result: 'queued' }] });
    expect(services.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v1/own-dead-letters/replay', tenantId: tenant.id, body: { reason: 'the shop was mended', ids: ['10'] } });
    expect((await tenant.call('GET', `/v1/dead-letters/gateway/${own}`)).body).toMatchObject({ id: own, content: { json: {} } });
    expect((await tenant.call('POST', '/v1/dead-letters/gateway/discard', { reason: 'sent twice', ids: [own] })).body).toEqual({ results: [{ id: own, result: 'discarded' }] });
    const [written] = await world.admin.query<Array<{ client: string; tenant_id: string }>>('SELECT client, tenant_id FROM operation_audit WHERE record_id = $1', [own]);
    expect(written).toMatchObject({ tenant_id: tenant.id });
    expect((await tenant.call('POST', '/v1/dead-letters/gateway/discard', { reason: 'x', ids: [own] })).status).toBe(422);
  });

  it('are counted in one summary, those of other tenants never', async () => {
    const other = await world.tenant();
    services.answer = () => ({ body: { groups: [{ origin: 'task', state: 'parked', kind: 'crm.upsert', reason: 'unauthorised', count: 3, oldestAt: at(1) }], isComplete: true } });
    expect((await other.call('GET', '/v1/dead-letters/summary?')).body).toMatchObject({ groups: expect.arrayContaining([expect.objectContaining({ service: 'orders', count: 3 })]) as unknown, isComplete: true });
    expect((await other.call('GET', '/v1/dead-letters?service=gateway')).body).toEqual({ items: [], unavailable: [] });
  });
});
