import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConnectingGateway } from '../connections/connecting-gateway.fixture.ts';
import { ServiceStandIn } from '../graphql/service-stand-in.fixture.ts';

const tenantsSchema = z.object({ items: z.array(z.object({ id: z.uuid(), slug: z.string(), name: z.string() })), nextCursor: z.string().optional() });
const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const line = (tenantId: string | null, id: string, second: number) => ({
  id, origin: 'event', state: 'dead', kind: 'commerce.order.received.v1', reason: 'invalid', error: 'no', tenantId, record: null, at: at(second), place: `${Date.parse(at(second))}000.${id}`,
});

let services: ServiceStandIn;
let world: ConnectingGateway;
let tenant: Awaited<ReturnType<ConnectingGateway['tenant']>>;
let operator: string;
beforeAll(async () => {
  services = await ServiceStandIn.start();
  world = await ConnectingGateway.start(services.environment);
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: 'token', token_type: 'Bearer', expires_in: 600 } });
  tenant = await world.tenant();
  operator = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'operations:read' } });
}, 120_000);
afterAll(async () => {
  await world.stop();
  await services.stop();
}, 60_000);

async function read(path: string, bearer = operator): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await world.service.app.inject({ method: 'GET', url: `/v1/operators/${path}`, headers: { authorization: `Bearer ${bearer}` } });
  return { status: answer.statusCode, body: answer.json() };
}

describe('the tenants that an operator can choose', () => {
  it('are found among more than a thousand by a part of their name or slug in whatever case, or by their id, page by page', async () => {
    const mark = randomBytes(4).toString('hex');
    // Ids grow with time, so that the two that are looked for are the oldest.
    await world.admin.query(
      `INSERT INTO tenant (tenant_id, slug, name)
       SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'mass-${mark}-' || n, CASE WHEN n <= 2 THEN 'Große Bäckerei 100% ' || n || ' ${mark}' ELSE 'Shop ' || n END FROM generate_series(1, 1200) n`);
    const found = async (query: string) => tenantsSchema.parse((await read(`tenants?${query}`)).body);
    expect((await found('limit=200')).items.some(({ name }) => name.startsWith('Große'))).toBe(false);
    expect((await found(`search=${encodeURIComponent(`bäckerei 100% 1 ${mark.toUpperCase()}`)}`)).items).toEqual([expect.objectContaining({ name: `Große Bäckerei 100% 1 ${mark}` })]);
    expect((await found(`search=mass-${mark}-777`)).items.map(({ slug }) => slug)).toEqual([`mass-${mark}-777`]);
    expect((await found(`search=${tenant.id.toUpperCase()}`)).items.map(({ id }) => id)).toEqual([tenant.id]);
    expect((await found('search=%25')).items).toHaveLength(2);
    expect((await found('search=nobody-is-called-so')).items).toEqual([]);

    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await found(`search=MASS-${mark}&limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      all.push(...page.items.map(({ slug }) => slug));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(all).size).toBe(1_200);
    expect(all).toHaveLength(1_200);
    expect((await read('tenants?search=')).status).toBe(422);
  }, 60_000);
});

describe('all tenants’ dead letters for operators', () => {
  it('are those of all services and the gateway’s own in one order, with their tenants’ names, and name the services that do not answer', async () => {
    const [own, other] = [randomUUID(), await world.tenant()];
    await world.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at) VALUES ($1, $2, 'webhook', 'hubspot', 'invalid', 'no', '{}', $3)`, [own, tenant.id, at(2)]);
    services.answer = () => ({ body: { items: [line(other.id, '10', 1), line(null, '11', 3)] } });
    const before = services.calls.length;
    const { body } = await read('dead-letters?limit=500&reason=invalid');
    expect(services.calls.slice(before).every(({ path }) => path === '/v1/operations/dead-letters?limit=500&reason=invalid')).toBe(true);
    const { items, unavailable } = z.object({ items: z.array(z.looseObject({ service: z.string() })), unavailable: z.array(z.string()) }).parse(body);
    expect(unavailable).toContain('journal');
    expect(items.filter(({ service }) => service === 'orders' || service === 'gateway')).toMatchObject([
      { service: 'orders', id: '10', tenantId: other.id, tenantName: 'Tenant' },
      { service: 'gateway', id: own, tenantId: tenant.id, tenantName: 'Tenant' },
      { service: 'orders', id: '11', tenantId: null, tenantName: null },
    ]);
    expect((await read(`dead-letters?service=gateway&tenantId=${other.id}`)).body).toEqual({ items: [], unavailable: [] });
    const first = z.object({ nextCursor: z.string() }).parse((await read('dead-letters?service=orders&limit=2')).body);
    expect(first.nextCursor).toBe(line(null, '11', 3).place);
    expect((await read('dead-letters?service=kitchen')).status).toBe(422);
  });

  it('are counted tenant by tenant, those with the oldest first', async () => {
    const other = await world.tenant();
    const own = (id: string, second: number) => world.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at) VALUES (gen_random_uuid(), $1, 'webhook', 'pipedrive', 'unparseable', 'no', '{}', $2)`, [id, at(second)]);
    for (const [id, second] of [[other.id, 5], [tenant.id, 6], [other.id, 7]] as const) await own(id, second);
    services.answer = () => ({ body: { groups: [{ tenantId: other.id, origin: 'task', state: 'parked', kind: 'crm.upsert', reason: 'unauthorised', count: 3, oldestAt: at(4) }], isComplete: true } });
    const { body } = await read('dead-letters/summary');
    const { groups } = z.object({ groups: z.array(z.looseObject({ service: z.string(), kind: z.string() })) }).parse(body);
    expect(groups.filter(({ service, kind }) => service === 'orders' || kind === 'pipedrive')).toMatchObject([
      { service: 'orders', tenantId: other.id, tenantName: 'Tenant', count: 3, oldestAt: at(4) },
      { service: 'gateway', tenantId: other.id, kind: 'pipedrive', count: 2, oldestAt: at(5) },
      { service: 'gateway', tenantId: tenant.id, kind: 'pipedrive', count: 1, oldestAt: at(6) },
    ]);
    expect(body).toMatchObject({ isComplete: true });
  });

  it('are nothing for a tenant’s own callers, whatever they may', async () => {
    const administrator = await world.issuer.sign({ claims: { aud: 'gateway', scope: `dead-letters:read tenant:${tenant.id}` } });
    for (const path of ['dead-letters', 'dead-letters/summary', 'tenants']) expect([path, (await read(path, administrator)).status]).toEqual([path, 403]);
  });
});
