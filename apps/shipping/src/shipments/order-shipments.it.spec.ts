import { randomUUID } from 'node:crypto';
import { orderShipped } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, ShippingWorld } from '../shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

describe('an order with two shipments', () => {
  async function shipped() {
    const shop = await world.tenant();
    const orderId = randomUUID();
    const [one, other] = [await shop.request('key-1', { orderId }), await shop.request('key-2', { orderId })];
    const numbers = [await shop.untilStatus(one.id, 'label_purchased'), await shop.untilStatus(other.id, 'label_purchased')].map(({ trackingNumber }) => trackingNumber);
    return { shop, orderId, ids: [one.id, other.id], numbers };
  }

  it('is on its way with the last one, and delivered with the last one', async () => {
    const { shop, orderId, ids, numbers: [first, second] } = await shipped();
    await shop.report(first, 'in_transit', 1);
    expect(await shop.said(orderShipped)).toEqual([]);
    await shop.report(second, 'in_transit', 2);
    await shop.report(first, 'delivered', 3);
    await shop.report(second, 'delivered', 4);
    const said = (await shop.said(orderShipped)).map((data) => orderShipped.schema.parse(data));
    expect(new Set(said.map(({ state }) => state))).toEqual(new Set(['on_the_way', 'delivered']));
    expect(said.at(-1)).toEqual({ orderId, state: 'delivered', shipmentIds: ids.toSorted(), since: '2026-03-01T00:04:00.000Z' });
    expect((await shop.inTenant(() => world.shipping.shipments.list({ orderId, limit: 10 }))).shipments.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('is delivered although both arrive at the same moment', async () => {
    const { shop, numbers } = await shipped();
    await Promise.all(numbers.map((number) => shop.report(number, 'delivered', 1)));
    expect((await shop.said(orderShipped)).at(-1)).toMatchObject({ state: 'delivered' });
  });

  it('does not wait for one that was taken back', async () => {
    const { shop, ids: [one, other = ''], numbers: [first] } = await shipped();
    await shop.report(first, 'delivered', 1);
    await shop.takeBack(other);
    expect((await shop.said(orderShipped)).at(-1)).toMatchObject({ state: 'delivered', shipmentIds: [one] });
  });
});

describe('many shipments by one call', () => {
  it('are accepted one by one; a faulty one holds none of the others up, and a repeat gives the same', async () => {
    const shop = await world.tenant();
    const good = { connectionId: shop.connectionId, from: address, to: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 } };
    const bodies = [good, { ...good, parcel: { ...good.parcel, weightGrams: 0 } }, { ...good, connectionId: randomUUID() }, good];
    const batch = await shop.requestMany('key-1', bodies);
    expect(batch).toMatchObject({
      accepted: [{ index: 0 }, { index: 3 }],
      refused: [{ index: 1, code: 'invalid', detail: expect.stringContaining('/parcel/weightGrams') }, { index: 2, code: 'not_found' }],
    });
    expect(await shop.requestMany('key-1', bodies)).toEqual(batch);
    for (const { shipmentId } of batch.accepted) await shop.untilStatus(shipmentId, 'label_purchased');
    expect((await shop.inTenant(() => world.shipping.shipments.list({ batchId: batch.id, limit: 1 }))).nextCursor).toBeDefined();
    expect(await shop.sold()).toHaveLength(2);
  });
});
