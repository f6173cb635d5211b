import { shipmentVoided } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShippingWorld } from '../shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open({ refundLookMs: 300 });
});
afterAll(() => world.close());

async function shipped() {
  const shop = await world.tenant();
  const { id } = await shop.request('key-1');
  const shipment = await shop.untilStatus(id, 'label_purchased');
  const transactionId = (await shop.sold())[0]?.object_id ?? '';
  const untilRefund = (state: string) => eventually(`the refund to be ${state}`, async () => (await shop.read(id)).refund?.state === state);
  return { shop, id, transactionId, trackingNumber: shipment.trackingNumber ?? '', untilRefund };
}

describe('a shipment that is taken back', () => {
  it('gives its label back once, and says when the carrier has paid', async () => {
    const { shop, id, transactionId, untilRefund } = await shipped();
    expect(await shop.takeBack(id)).toMatchObject({ status: 'voided', refund: { state: 'pending' } });
    await Promise.all([shop.takeBack(id), shop.takeBack(id)]);
    await eventually('Shippo to hear of it', async () => (await world.control.shippoTransactions(shop.account))[0]?.status === 'REFUNDPENDING');
    await world.control.settleShippoRefund(shop.account, transactionId, 'SUCCESS');
    await untilRefund('refunded');
    expect(await shop.said(shipmentVoided)).toMatchObject([{ shipmentId: id, status: 'voided' }]);
  });

  it('asks once although the answer to that is lost', async () => {
    const { shop, id, untilRefund } = await shipped();
    await world.control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/refunds' });
    await shop.takeBack(id);
    await untilRefund('pending');
    await eventually('Shippo to hear of it', async () => (await world.control.shippoTransactions(shop.account))[0]?.status === 'REFUNDPENDING');
  });

  it('is told where the carrier does not pay, and moves on where the parcel travels all the same', async () => {
    const { shop, id, transactionId, trackingNumber, untilRefund } = await shipped();
    await shop.takeBack(id);
    await eventually('Shippo to hear of it', async () => (await world.control.shippoTransactions(shop.account))[0]?.status === 'REFUNDPENDING');
    await world.control.settleShippoRefund(shop.account, transactionId, 'ERROR');
    await untilRefund('rejected');
    await shop.report(trackingNumber, 'pre_transit', 1);
    expect(await shop.read(id)).toMatchObject({ status: 'voided' });
    await shop.report(trackingNumber, 'in_transit', 2);
    expect(await shop.read(id)).toMatchObject({ status: 'in_transit' });
  });

  it('is refused once the carrier has the parcel', async () => {
    const { shop, id, trackingNumber } = await shipped();
    await shop.report(trackingNumber, 'in_transit', 1);
    await expect(shop.takeBack(id)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('buys no label where none was bought yet, and gives one back that was being bought', async () => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'rate-limit', retryAfterSeconds: 1, pathPattern: '^POST .*/shipments' });
    const { id } = await shop.request('key-1');
    expect(await shop.takeBack(id)).toMatchObject({ status: 'voided' });

    await world.control.changeShippoMarket(shop.account, { purchaseDelayMs: 500 });
    const other = await shop.request('key-2');
    await eventually('the purchase to begin', async () => (await shop.transaction((manager) =>
      manager.query<unknown[]>('SELECT 1 FROM shipment WHERE purchase_begun_at IS NOT NULL'))).length === 1);
    expect(await shop.takeBack(other.id)).toMatchObject({ status: 'requested', refund: { state: 'asked' } });
    await shop.untilStatus(other.id, 'voided');
    await eventually('the refund', async () => (await world.control.shippoTransactions(shop.account)).map(({ status }) => status).join() === 'REFUNDPENDING');
  });
});

describe('a shipment that is taken back while its label is bought', () => {
  it('is taken back as well where the carrier refuses to sell it', async () => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'status', status: 400, phase: 'before', pathPattern: '^POST .*/transactions' });
    await world.control.addFault('shippo', { kind: 'latency', latencyMs: 1_500, pathPattern: '^GET .*/transactions' });
    const { id } = await shop.request('key-1');
    await shop.transaction((manager) => manager.query('UPDATE shipment SET purchase_begun_at = now() - interval \'1 minute\' WHERE shipment_id = $1', [id]));
    expect(await shop.takeBack(id)).toMatchObject({ refund: { state: 'asked' } });
    await shop.untilStatus(id, 'voided');
  });
});

describe('the way back', () => {
  it('goes by the same carrier, names the shipment it is of, and is made once', async () => {
    const { shop, id } = await shipped();
    const back = await shop.requestReturn('key-2', id);
    expect(await shop.requestReturn('key-2', id)).toMatchObject({ id: back.id });
    expect(await shop.untilStatus(back.id, 'label_purchased')).toMatchObject({ kind: 'return', returnOf: id, carrier: 'usps' });
    expect(await shop.sold()).toHaveLength(2);
    await expect(shop.requestReturn('key-2', back.id)).rejects.toMatchObject({ kind: 'conflict' });
  });
});
