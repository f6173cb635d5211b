import { shipmentCreated, shipmentDelivered, trackingUpdated } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShippingWorld } from './shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

describe('a shipment', () => {
  it('gets the cheapest label, once, and says so', async () => {
    const shop = await world.tenant();
    const accepted = await shop.request('key-1');
    expect(accepted).toMatchObject({ status: 'requested', tracking: [] });
    const shipment = await shop.untilStatus(accepted.id, 'label_purchased');
    expect(shipment).toMatchObject({ carrier: 'usps', service: 'usps_ground_advantage', price: { currency: 'USD' }, test: true });
    expect(shipment.labelUrl).toMatch(/^http/);
    expect(await shop.said(shipmentCreated)).toMatchObject([{
      shipmentId: accepted.id, status: 'label_purchased', sample: { contactEmail: 'grace@example.com' },
      carrier: 'usps', trackingNumber: shipment.trackingNumber,
    }]);
    expect(await world.control.shippoTransactions(shop.account)).toHaveLength(1);
  });

  it('goes with the preferred carrier', async () => {
    const shop = await world.tenant();
    const { id } = await shop.request('key-1', { carrierPreference: 'ups' });
    expect(await shop.untilStatus(id, 'label_purchased')).toMatchObject({ carrier: 'ups' });
  });

  it('is one shipment for one key, however often and at the same time it is asked for', async () => {
    const shop = await world.tenant();
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.request('key-1')));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await shop.untilStatus(answers[0]?.id ?? '', 'label_purchased');
    expect(await shop.request('key-1')).toMatchObject({ status: 'label_purchased' });
    expect(await world.control.shippoTransactions(shop.account)).toHaveLength(1);
    await expect(shop.request('key-1', { sample: { contactEmail: 'other@example.com' } })).rejects.toMatchObject({ kind: 'conflict' });
    const another = await shop.request('key-2');
    expect(another.id).not.toBe(answers[0]?.id);
    await shop.untilStatus(another.id, 'label_purchased');
  });

  it('is paid for once although the answer to the purchase is lost', async () => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    await shop.untilStatus(id, 'label_purchased');
    expect((await world.control.shippoTransactions(shop.account)).filter(({ status }) => status === 'SUCCESS')).toHaveLength(1);
  });

  it('fails with the reason when no label can be had', async () => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'status', status: 400, pathPattern: '^POST .*/shipments' });
    const { id } = await shop.request('key-1');
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { kind: 'invalid' } });
    expect(await shop.said(shipmentCreated)).toEqual([]);
  });

  it('is not found, nor its connection usable, by another tenant', async () => {
    const [shop, other] = [await world.tenant(), await world.tenant()];
    const { id, connectionId } = await shop.request('key-1');
    await expect(other.read(id)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(other.request('key-1', { connectionId })).rejects.toMatchObject({ kind: 'not_found' });
    await shop.untilStatus(id, 'label_purchased');
  });
});

describe('tracking', () => {
  async function shipped(options?: { mode: 'live' }) {
    const shop = await world.tenant(options);
    const { id } = await shop.request('key-1');
    return { shop, id, trackingNumber: (await shop.untilStatus(id, 'label_purchased')).trackingNumber };
  }

  it('moves a shipment on to delivered and tells each step once', async () => {
    const { shop, id, trackingNumber } = await shipped();
    await shop.report(trackingNumber, 'pre_transit', 1);
    await shop.report(trackingNumber, 'in_transit', 2);
    await shop.report(trackingNumber, 'delivered', 3);
    expect(await shop.read(id)).toMatchObject({ status: 'delivered', deliveredAt: '2026-03-01T00:03:00.000Z' });
    expect(await shop.said(trackingUpdated)).toMatchObject([
      { previousStatus: 'label_purchased', status: 'pre_transit' },
      { previousStatus: 'pre_transit', status: 'in_transit' },
      { previousStatus: 'in_transit', status: 'delivered' },
    ]);
    expect(await shop.said(shipmentDelivered)).toMatchObject([
      { shipmentId: id, deliveredAt: '2026-03-01T00:03:00.000Z', sample: { contactEmail: 'grace@example.com' } },
    ]);
  });

  it('comes to the same end when reports come shuffled, repeated and at the same time', async () => {
    const { shop, id, trackingNumber } = await shipped();
    const reports = [['delivered', 3], ['pre_transit', 1], ['in_transit', 2], ['delivered', 3], ['in_transit', 2], ['pre_transit', 1]] as const;
    await Promise.all(reports.map(([status, minute]) => shop.report(trackingNumber, status, minute)));
    expect(await shop.read(id)).toMatchObject({ status: 'delivered', deliveredAt: '2026-03-01T00:03:00.000Z' });
    expect((await shop.read(id)).tracking.map(({ status }) => status)).toEqual(['pre_transit', 'in_transit', 'delivered']);
    expect(await shop.said(shipmentDelivered)).toHaveLength(1);
  });

  it('says nothing more for a repeated report or a late one', async () => {
    const { shop, id, trackingNumber } = await shipped();
    await shop.report(trackingNumber, 'delivered', 3);
    const before = await shop.said(trackingUpdated);
    expect(await shop.report(trackingNumber, 'delivered', 3)).toBe('stale');
    expect(await shop.report(trackingNumber, 'in_transit', 2)).toBe('applied');
    expect(await shop.read(id)).toMatchObject({ status: 'delivered' });
    expect(await shop.said(trackingUpdated)).toEqual(before);
  });

  it('counts a report that came before its label was recorded, as soon as it is', async () => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    const early = await eventually('the label at Shippo', async () => (await world.control.shippoTransactions(shop.account))[0]?.tracking_number);
    expect(await shop.report(early, 'in_transit', 1)).toBe('kept');
    expect(await shop.untilStatus(id, 'in_transit')).toMatchObject({ trackingNumber: early });
  });

  it('keeps a report about a parcel that nobody here sent', async () => {
    const shop = await world.tenant();
    expect(await shop.report('9400100000000000000000', 'in_transit', 1)).toBe('kept');
    expect(await shop.report('9400100000000000000000', 'in_transit', 1)).toBe('stale');
  });

  it('does not let a test webhook move a real parcel', async () => {
    const { shop, id, trackingNumber } = await shipped({ mode: 'live' });
    await expect(shop.report(trackingNumber, 'delivered', 1, true)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await shop.read(id)).toMatchObject({ status: 'label_purchased', tracking: [] });
  });
});
