import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore } from '@crossdock/connections';
import { orderReceived } from '@crossdock/contracts';
import { TestedService } from '@crossdock/service-kit/tested-service.fixture';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ordersDefinition } from './orders.definition.ts';
import { ordersSchema } from './orders.schema.ts';

const tenantId = randomUUID();
const shopId = randomUUID();
const pageSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), status: z.string() })), nextCursor: z.string().optional() });

let orders: TestedService;

beforeAll(async () => {
  orders = await TestedService.start(ordersDefinition, [ordersSchema, connectionsSchema], {
    vaultKeys: `test:${randomBytes(32).toString('base64')}`, outboundAllowPrivateNetworks: 'true', shopPollSeconds: 1,
  });
  await orders.tenants.transaction(tenantId, (manager) =>
    new ConnectionStore(orders.tenants).create(manager, { id: shopId, tenantId, vendor: 'woocommerce', accountId: shopId }));
});

afterAll(() => orders.stop());

const get = (path: string, { scope = 'orders:read', tenant = tenantId } = {}) => orders.call('GET', path, { tenantId: tenant, scope });

async function lookUp(body: object, tenant = tenantId): Promise<{ status: number; ids: string[] }> {
  const answer = await orders.call('POST', '/v1/orders/look-up', { tenantId: tenant, scope: 'orders:read', body });
  const page = z.object({ items: z.array(z.looseObject({ id: z.uuid() })) }).safeParse(answer.body);
  return { status: answer.status, ids: (page.data?.items ?? []).map(({ id }) => id) };
}

async function sayOrderReceived(id: number): Promise<void> {
  await orders.say(tenantId, 'gateway', orderReceived, {
    subject: `woocommerce/order/${shopId}/${id}`,
    data: {
      vendor: 'woocommerce', connectionId: shopId, change: 'created', externalId: String(id), receivedAt: '2026-03-01T00:00:00.000Z',
      payload: {
        id, number: String(id), status: 'processing', currency: 'USD', total: '29.35',
        date_created_gmt: '2026-03-01T00:00:00', date_modified_gmt: '2026-03-01T00:00:00',
        billing: { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', phone: '', country: 'GB' }, line_items: [],
      },
    },
  });
}

describe('the orders service', () => {
  it('hears of an order on the bus and shows it with its timeline', async () => {
    await sayOrderReceived(727);
    const [order] = await eventually('the order', async () => {
      const { items } = pageSchema.parse((await get(`/v1/orders?connectionId=${shopId}&externalId=727`)).body);
      return items.length > 0 && items;
    });
    expect(await get(`/v1/orders/${order?.id ?? ''}`)).toMatchObject({ status: 200, body: { id: order?.id, status: 'processing', externalId: '727' } });
    expect(await get(`/v1/orders/${order?.id ?? ''}/timeline`)).toMatchObject({ status: 200, body: {
        now: { status: 'processing', waitsFor: [] },
        items: [
          { kind: 'received', detail: { via: 'webhook', signature: 'verified', payload: { status: 'processing', total: '29.35', billing: { email: '[redacted]' } } } },
          { kind: 'applied' },
        ],
      } });
    expect(await get(`/v1/orders/${order?.id ?? ''}`, { tenant: randomUUID() })).toMatchObject({ status: 404 });
    expect(await get(`/v1/orders?status=processing&externalId=727`)).toMatchObject({ status: 200, body: { items: [{ id: order?.id }] } });
    expect(await get(`/v1/orders?status=shipped&externalId=727`)).toMatchObject({ status: 200, body: { items: [] } });
  });

  it('finds many orders at once by their ids and by their deals, each once, and none of another tenant’s', async () => {
    await sayOrderReceived(728);
    const id = await eventually('the order', async () => {
      const { items } = pageSchema.parse((await get(`/v1/orders?connectionId=${shopId}&externalId=728`)).body);
      return items[0]?.id ?? false;
    }, 60_000);
    const deal = { connectionId: randomUUID(), externalId: 'd, 1' };
    const admin = await orders.database.connectAsAdmin('orders');
    await admin.query(`UPDATE customer_order SET crm_connection_id = $2, crm_sync = crm_sync || jsonb_build_object('dealId', $3::text) WHERE order_id = $1`, [id, deal.connectionId, deal.externalId]);
    const asked = { ids: [id, randomUUID()], deals: [deal, { ...deal, externalId: 'other' }] };
    expect(await lookUp(asked)).toEqual({ status: 200, ids: [id] });
    expect(await lookUp({ deals: [deal] })).toEqual({ status: 200, ids: [id] });
    expect(await lookUp(asked, randomUUID())).toEqual({ status: 200, ids: [] });
    expect((await lookUp({ ids: ['nonsense'] })).status).toBe(422);
  });

  it('answers what is wrong with a request as a problem', async () => {
    expect(await get(`/v1/orders/${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await get('/v1/orders/nonsense')).toMatchObject({ status: 422 });
    expect(await get('/v1/orders?limit=1000')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/limit' }] } });
    expect(await get('/v1/orders?unknown=1')).toMatchObject({ status: 422 });
  });

  it('answers nobody without the scope, and leaves no route without a rule', async () => {
    expect(await get('/v1/orders', { scope: '' })).toMatchObject({ status: 403 });
    expect(await orders.statusWithoutToken('/v1/orders')).toBe(401);
    expect(routesWithoutRule(orders.service.app)).toEqual([]);
  });
});
