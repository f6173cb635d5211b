import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import { ShopToCrm, type ShopTenant } from './shop-to-crm.fixture.ts';

const comparisonSchema = z.looseObject({
  id: z.uuid(), state: z.string(), compared: z.int(), drift: z.array(z.object({ side: z.string(), field: z.string(), count: z.int(), repaired: z.int() })),
});
type Comparison = z.infer<typeof comparisonSchema>;

let world: ShopToCrm;

beforeAll(async () => {
  // Nothing but the comparison looks at the shop.
  world = await ShopToCrm.start({ SHOP_POLL_SECONDS: '86400' });
});
afterAll(() => world.stop(), 60_000);

async function compare(shop: ShopTenant, policy: 'report' | 'repair', window: { from?: string; to?: string } = {}): Promise<Comparison> {
  const { from = new Date(Date.now() - 3_600_000).toISOString(), to = new Date(Date.now() + 60_000).toISOString() } = window;
  const begun = await shop.tenant.call('POST', '/v1/orders/comparisons', { connectionId: shop.connectionId, from, to, policy });
  expect(begun.status).toBe(202);
  const { id } = comparisonSchema.parse(begun.body);
  return eventually('the comparison to end', async () => {
    const comparison = comparisonSchema.parse((await shop.tenant.call('GET', `/v1/orders/comparisons/${id}`)).body);
    return ['succeeded', 'failed', 'cancelled'].includes(comparison.state) && comparison;
  }, 90_000);
}

const found = ({ drift }: Comparison): Record<string, number> => Object.fromEntries(drift.map(({ side, field, count }) => [`${side}.${field}`, count]));

describe('comparing orders with their shop and their deals', () => {
  it('finds exactly the differences that were planted on both sides, mends them, and then finds none', async () => {
    const shop = await world.tenant();
    const { control } = shop.hubSpot;
    const bought: number[] = [];
    for (let i = 0; i < 30; i += 1) bought.push(await shop.buy(`${10 + i}.00`, `buyer-${i}@example.com`));
    const orders = await Promise.all(bought.map((id) => shop.inStep(id)));
    const settled = await compare(shop, 'report');
    expect(found(settled)).toEqual({});
    expect(settled.compared).toBe(30);

    // Without webhooks the hub hears nothing of what happens in the shop.
    for (const { id } of await control.wooCommerceWebhooks(shop.shop)) await control.setWooCommerceWebhook(shop.shop, id, 'paused');
    const [edited, binned, erased, refunded] = [bought.slice(0, 5), bought.slice(5, 8), bought.slice(8, 10), bought.slice(10, 13)];
    for (const id of edited) await control.editWooCommerceOrder(shop.shop, id, { line_items: [{ name: 'Pencil', quantity: 2, total: '4.00' }] });
    for (const id of binned) await control.deleteWooCommerceOrder(shop.shop, id);
    for (const id of erased) await control.deleteWooCommerceOrder(shop.shop, id, { force: true });
    for (const id of refunded) await control.refundWooCommerceOrder(shop.shop, id, { amount: '1.00' });
    const missed = [await shop.buy('99.00'), await shop.buy('98.00')];
    // Somebody writes into the hub's own table, and into the deals past the hub.
    const spoilt = orders.slice(13, 17);
    await world.admin.query(`UPDATE customer_order SET canonical = jsonb_set(canonical, '{total,amountMinor}', '1') WHERE order_id = ANY($1)`, [spoilt.map(({ id }) => id)]);
    const [renamed, revalued, gone] = [orders.slice(17, 22), orders.slice(22, 26), orders.slice(26, 28)];
    for (const { crmOrderId } of renamed) await shop.hubSpot.edit('deal', crmOrderId, { dealname: 'Renamed' });
    for (const { crmOrderId } of revalued) await shop.hubSpot.edit('deal', crmOrderId, { amount: '0.01' });
    for (const { crmOrderId } of gone) await shop.hubSpot.delete('deal', crmOrderId);

    const planted = {
      'shop.lines': 5, 'shop.total': 9, 'shop.order': 7, 'shop.refunded': 3, 'crm.name': 5, 'crm.amount': 4, 'crm.deal': 2,
    };
    expect(found(await compare(shop, 'report'))).toEqual(planted);
    const mended = await compare(shop, 'repair');
    expect(found(mended)).toEqual(planted);
    expect(mended.drift.every(({ count, repaired }) => count === repaired)).toBe(true);

    await eventually('every difference to be mended', async () => Object.keys(found(await compare(shop, 'report'))).length === 0, 120_000);
    for (const id of [...binned, ...erased]) expect(await shop.order(id)).toMatchObject({ status: 'cancelled', deletedAt: expect.any(String) });
    for (const id of missed) await shop.inStep(id);
    const deals = new Map((await shop.deals()).map(({ properties }) => [properties['crossdock_external_id'], properties]));
    expect(deals.size).toBe((await shop.deals()).length);
    for (const id of refunded) {
      const order = await shop.inStep(id);
      expect(Number(deals.get(order.id)?.['amount']) * 100).toBe(order.order.total.amountMinor - 100);
    }
    for (const { id } of [...renamed, ...gone]) expect(deals.get(id)?.['dealname']).toMatch(/^Order /);
  }, 420_000);

  it('is made of each shop once a day, and mends what differs where the shop’s settings say so', async () => {
    const [mending, reporting] = [await world.tenant(), await world.tenant()];
    const spoilt = await Promise.all([mending, reporting].map(async (shop) => {
      const { crmOrderId } = await shop.inStep(await shop.buy('10.00'));
      await shop.hubSpot.edit('deal', crmOrderId, { amount: '0.01' });
      return async () => Number((await shop.deals())[0]?.properties['amount']);
    }));
    await world.admin.query(`UPDATE connections.connection SET settings = settings || '{"orderDrift": "repair"}' WHERE id = $1`, [mending.connectionId]);
    await world.admin.query(`UPDATE schedule SET next_at = now() WHERE name = 'order-comparisons'`);
    await eventually('the difference to be mended', async () => await spoilt[0]?.() === 10, 90_000);
    expect(await spoilt[1]?.()).toBe(0.01);
  }, 150_000);

  it('keeps to its window and its shop, and refuses what is not there', async () => {
    const [shop, other] = [await world.tenant(), await world.tenant()];
    const id = await shop.buy('10.00');
    const { id: orderId } = await shop.inStep(id);
    await world.admin.query(`UPDATE customer_order SET canonical = jsonb_set(canonical, '{total,amountMinor}', '1') WHERE order_id = $1`, [orderId]);
    expect(found(await compare(shop, 'report', { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' }))).toEqual({});
    expect(found(await compare(other, 'report'))).toEqual({});
    const body = { connectionId: shop.connectionId, from: '2026-01-02T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z', policy: 'report' };
    expect((await shop.tenant.call('POST', '/v1/orders/comparisons', body)).status).toBe(422);
    expect((await other.tenant.call('POST', '/v1/orders/comparisons', { ...body, to: '2026-01-03T00:00:00.000Z' })).status).toBe(404);
  });
});
