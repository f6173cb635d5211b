import { shipmentCreated, shipmentDelivered, trackingUpdated } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShippingWorld } from '../shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open({ parcelIsQuietMs: 500 });
});
afterAll(() => world.close());

const day = (number: number): string => `2026-03-0${number}T00:00:00.000Z`;

describe('a parcel that has gone quiet', () => {
  it('is asked for, and moves on by all that its carrier has said meanwhile', async () => {
    const shop = await world.tenant();
    const { id } = await shop.request('key-1');
    const { trackingNumber = '' } = await shop.untilStatus(id, 'label_purchased');
    const advance = (status: 'PRE_TRANSIT' | 'TRANSIT' | 'DELIVERED', date: string) =>
      world.control.advanceShippoTrack(shop.account, 'usps', trackingNumber, { status, date, silently: true });
    await advance('PRE_TRANSIT', day(1));
    await advance('TRANSIT', day(2));
    await advance('DELIVERED', day(3));
    expect(await shop.untilStatus(id, 'delivered')).toMatchObject({
      deliveredAt: day(3), tracking: [{ status: 'pre_transit' }, { status: 'in_transit' }, { status: 'delivered' }],
    });
    expect(await shop.said(shipmentDelivered)).toHaveLength(1);
    expect(await shop.said(trackingUpdated)).toMatchObject([{ status: expect.anything() }, ...(await shop.said(trackingUpdated)).slice(1)]);
  });

  it('is not asked for any more once it has arrived', async () => {
    const shop = await world.tenant();
    const { id } = await shop.request('key-1');
    const { trackingNumber } = await shop.untilStatus(id, 'label_purchased');
    await shop.report(trackingNumber, 'delivered', 1);
    const waiting = () => shop.transaction((manager) => manager.query<unknown[]>('SELECT 1 FROM task'));
    await eventually('the looks to end', async () => (await waiting()).length === 0);
    expect(await shop.read(id)).toMatchObject({ status: 'delivered' });
  });
});

describe('a parcel whose label was bought elsewhere', () => {
  it('is registered with its carrier and followed, and said to be on its way', async () => {
    const shop = await world.tenant();
    const { id } = await shop.follow('key-1', { carrier: 'ups', trackingNumber: '1Z999', sample: { contactEmail: 'grace@example.com' } });
    await eventually('Shippo to follow it', async () => (await world.control.shippoTracks(shop.account)).some(({ tracking_number }) => tracking_number === '1Z999'));
    expect(await shop.said(shipmentCreated)).toMatchObject([{ shipmentId: id, carrier: 'ups', trackingNumber: '1Z999' }]);
    expect(await shop.report('1Z999', 'in_transit', 1, true, 'ups')).toBe('applied');
    expect(await shop.read(id)).toMatchObject({ kind: 'elsewhere', status: 'in_transit', test: true });
    await expect(shop.takeBack(id)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(shop.follow('key-2', { carrier: 'ups', trackingNumber: '1Z999' })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is not followed, and says why, where Shippo does not take its number', async () => {
    const shop = await world.tenant();
    const { id } = await shop.follow('key-1', { carrier: 'shippo', trackingNumber: 'NONSENSE' });
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { kind: 'invalid', message: expect.stringContaining('tracking_number') } });
  });

  it('counts what was reported of it before anybody asked to follow it', async () => {
    const shop = await world.tenant();
    expect(await shop.report('1Z1000', 'delivered', 1, true, 'ups')).toBe('kept');
    const { id } = await shop.follow('key-1', { carrier: 'ups', trackingNumber: '1Z1000' });
    await shop.untilStatus(id, 'delivered');
  });
});

describe('one tracking number at two carriers', () => {
  it('is two parcels, and each moves by its own carrier’s reports alone', async () => {
    const shop = await world.tenant();
    const one = await shop.follow('key-1', { carrier: 'ups', trackingNumber: '123456' });
    const other = await shop.follow('key-2', { carrier: 'usps', trackingNumber: '123456' });
    await shop.report('123456', 'delivered', 1, true, 'ups');
    expect(await shop.read(one.id)).toMatchObject({ status: 'delivered' });
    expect(await shop.read(other.id)).toMatchObject({ status: 'label_purchased', tracking: [] });
  });
});
