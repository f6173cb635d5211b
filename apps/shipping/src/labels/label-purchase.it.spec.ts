import { deterministicId } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, ShippingWorld } from '../shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

/** Waits for the moment right before money is spent. */
const untilBegun = ({ transaction }: Awaited<ReturnType<ShippingWorld['tenant']>>) => eventually('the purchase to begin', async () => (await transaction((manager) =>
  manager.query<unknown[]>('SELECT 1 FROM shipment WHERE purchase_begun_at IS NOT NULL'))).length === 1);

const nowhere = { ...address, street1: '1 Nowhere Street' };
const abroad = { ...address, city: 'Toronto', state: 'ON', postalCode: 'M5V 2T6', country: 'CA', phone: '+14165550100' };
const customs = {
  contentsType: 'sample', nonDelivery: 'return', signer: 'Ada Lovelace',
  items: [{ description: 'Sample kit', quantity: 1, netWeightGrams: 400, value: { amountMinor: 1_000, currency: 'USD' }, originCountry: 'US' }],
};
const acrossTheBorder = { from: { ...address, phone: '+14155550100' }, to: abroad, customs };

describe('an address that is not deliverable', () => {
  it('ends its shipment before money is spent, and says why', async () => {
    const shop = await world.tenant();
    const { id } = await shop.request('key-1', { to: nowhere });
    const { failure } = await shop.untilStatus(id, 'failed');
    expect(failure).toMatchObject({ kind: 'invalid', message: expect.stringMatching(/recipient's address is not deliverable \(Unknown Street\).*Nothing was paid/) });
    expect(failure?.message).not.toContain('Nowhere');
    expect(await world.control.shippoTransactions(shop.account)).toEqual([]);
  });

  it('is not looked up where the tenant does not want that, nor abroad unless it does', async () => {
    const shop = await world.tenant();
    await shop.untilStatus((await shop.request('key-1', { ...acrossTheBorder, to: { ...abroad, street1: nowhere.street1 } })).id, 'label_purchased');
    await shop.allow({ addressValidation: 'never' });
    await shop.untilStatus((await shop.request('key-2', { to: nowhere })).id, 'label_purchased');
    await shop.allow({ addressValidation: 'always' });
    await shop.untilStatus((await shop.request('key-3', { ...acrossTheBorder, to: { ...abroad, street1: nowhere.street1 } })).id, 'failed');
  });
});

describe('a parcel over a border', () => {
  it('gets its label with a declaration, and is refused without one or without telephone numbers', async () => {
    const shop = await world.tenant();
    expect(() => shop.request('key-1', { to: abroad })).toThrow(/customs[\s\S]*from[\s\S]*phone/);
    const { id } = await shop.request('key-2', acrossTheBorder);
    await shop.untilStatus(id, 'label_purchased');
  });

  it.each([0, -5, 1_000_000_001])('is refused with a declared value of %p', async (amountMinor) => {
    const shop = await world.tenant();
    const [item] = customs.items;
    expect(() => shop.request('key-1', { ...acrossTheBorder, customs: { ...customs, items: [{ ...item, value: { amountMinor, currency: 'USD' } }] } })).toThrow(/value/);
  });
});

describe('the price of a label', () => {
  it('stays below what the tenant and the request allow', async () => {
    const shop = await world.tenant();
    await shop.allow({ priceLimits: [{ amountMinor: 599, currency: 'USD' }] });
    const { id } = await shop.request('key-1');
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('6.00 USD, and the limit is 5.99 USD') } });
    await shop.allow({ priceLimits: [{ amountMinor: 600, currency: 'USD' }] });
    await shop.untilStatus((await shop.request('key-2')).id, 'label_purchased');
    await shop.untilStatus((await shop.request('key-3', { priceLimit: { amountMinor: 100, currency: 'USD' } })).id, 'failed');
    await shop.tryAgain(id);
    await shop.untilStatus(id, 'label_purchased');
    expect(await shop.sold()).toHaveLength(2);
  });

  it.each([
    ['a little dearer', 1.05, 'label_purchased'], ['much dearer', 1.5, 'failed'],
  ] as const)('may be %s where the first rate ran out', async (_how, priceFactor, end) => {
    const shop = await world.tenant();
    await world.control.addFault('shippo', { kind: 'rate-limit', retryAfterSeconds: 2, pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    await untilBegun(shop);
    await world.control.changeShippoMarket(shop.account, { priceFactor });
    await shop.transaction((manager) => manager.query(
      `UPDATE shipment SET chosen_rate = jsonb_set(chosen_rate, '{chosenAt}', '"2026-01-01T00:00:00.000Z"')`));
    const shipment = await shop.untilStatus(id, end);
    if (end === 'failed') expect(shipment.failure?.message).toContain('ran out');
    expect(await shop.sold()).toHaveLength(end === 'failed' ? 0 : 1);
  });

  it('that is absurd is not paid', async () => {
    const shop = await world.tenant();
    await world.control.changeShippoMarket(shop.account, { priceFactor: 100_000 });
    expect(await shop.untilStatus((await shop.request('key-1')).id, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('cannot be right') } });
    await world.control.changeShippoMarket(shop.account, { priceFactor: -1 });
    await shop.untilStatus((await shop.request('key-2')).id, 'failed');
    expect(await shop.sold()).toEqual([]);
  });
});

describe('live and test mode', () => {
  it('are not mixed: a shipment of the other mode is refused', async () => {
    const shop = await world.tenant();
    expect(await shop.untilStatus((await shop.request('key-1', { mode: 'live' })).id, 'failed')).toMatchObject({
      failure: { message: expect.stringContaining('A live shipment was asked for, and the account is connected with a test token') },
    });
    await shop.untilStatus((await shop.request('key-2', { mode: 'test' })).id, 'label_purchased');
  });

  it('are not mixed: a rate of the test mode is not bought with a live token', async () => {
    const [shop, live] = [await world.tenant(), await world.control.createShippoAccount({ mode: 'live' })];
    await world.control.addFault('shippo', { kind: 'rate-limit', retryAfterSeconds: 1, pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    await untilBegun(shop);
    await shop.useToken(live.token);
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('asked for with a test token') } });
    expect(await world.control.shippoTransactions(live.account)).toEqual([]);
  });
});

describe('a carrier account that is off', () => {
  it('ends the shipment with what the carriers say, where no other takes the parcel', async () => {
    const shop = await world.tenant();
    await world.control.changeShippoMarket(shop.account, { inactiveCarriers: ['USPS', 'UPS'] });
    const { id } = await shop.request('key-1');
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { kind: 'invalid', message: expect.stringContaining('carrier_account_inactive') } });
    expect(id).toBe(deterministicId('shipment', shop.tenantId, 'key-1'));
  });

  it('is named where the way back is to go by it', async () => {
    const shop = await world.tenant();
    const { id } = await shop.request('key-1');
    await shop.untilStatus(id, 'label_purchased');
    await world.control.changeShippoMarket(shop.account, { inactiveCarriers: ['USPS'] });
    const back = await shop.requestReturn('key-2', id);
    expect(await shop.untilStatus(back.id, 'failed')).toMatchObject({ failure: { message: expect.stringContaining('carrier account at usps is off') } });
  });
});
