import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, ShippingWorld } from '../shipping-world.fixture.ts';
import { changeStock, keepKit, requireKit } from './sample-kit.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

async function tenantWithKits(count: number) {
  const shop = await world.tenant();
  const { tenantId, connectionId, transaction } = shop;
  await transaction(async (manager) => {
    await keepKit(manager, tenantId, 'starter', {
      name: 'Starter kit', connectionId, from: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
    });
    await changeStock(manager, 'starter', count);
  });
  const stock = async () => {
    const { onHand, reserved } = await transaction((manager) => requireKit(manager, 'starter'));
    return { onHand, reserved };
  };
  const send = (key: string, quantity = 1) => shop.request(key, { kit: { sku: 'starter', quantity } });
  const untilStock = (wanted: { onHand: number; reserved: number }) => eventually('the stock', async () => {
    const { onHand, reserved } = await stock();
    return onHand === wanted.onHand && reserved === wanted.reserved;
  });
  return { shop, stock, send, untilStock, change: (change: number) => transaction((manager) => changeStock(manager, 'starter', change)) };
}

describe('the stock of a sample kit', () => {
  it('sends the last one once, however many ask for it at the same moment', async () => {
    const { shop, send, untilStock } = await tenantWithKits(3);
    const ends = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => send(`key-${index}`)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(ends.filter(({ status }) => status === 'rejected')).toEqual(Array.from({ length: 9 }, () =>
      ({ status: 'rejected', reason: expect.objectContaining({ kind: 'conflict', message: expect.stringContaining('0 are left') }) })));
    await untilStock({ onHand: 0, reserved: 0 });
    expect(await shop.sold()).toHaveLength(3);
  });

  it('is put aside once for one request, however often it comes', async () => {
    const { send, untilStock } = await tenantWithKits(2);
    const views = await Promise.all([send('key-1'), send('key-1'), send('key-1')]);
    expect(new Set(views.map(({ id }) => id)).size).toBe(1);
    await untilStock({ onHand: 1, reserved: 0 });
  });

  it('is whole again where no label can be bought or the shipment is taken back', async () => {
    const { shop, send, stock, untilStock } = await tenantWithKits(1);
    await world.control.changeShippoMarket(shop.account, { inactiveCarriers: ['USPS', 'UPS'] });
    const failed = await send('key-1');
    await shop.untilStatus(failed.id, 'failed');
    await untilStock({ onHand: 1, reserved: 0 });
    await world.control.changeShippoMarket(shop.account, { inactiveCarriers: [] });
    await shop.tryAgain(failed.id);
    await shop.untilStatus(failed.id, 'label_purchased');
    expect(await stock()).toEqual({ onHand: 0, reserved: 0 });
    await expect(send('key-2')).rejects.toMatchObject({ kind: 'conflict' });
    await shop.takeBack(failed.id);
    await shop.takeBack(failed.id);
    expect(await stock()).toEqual({ onHand: 1, reserved: 0 });
  });

  it('never falls below what is put aside, and unknown kits are not sent', async () => {
    const { shop, change } = await tenantWithKits(2);
    await expect(change(-3)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(shop.request('key-1', { kit: { sku: 'unknown' } })).rejects.toMatchObject({ kind: 'not_found' });
  });
});
