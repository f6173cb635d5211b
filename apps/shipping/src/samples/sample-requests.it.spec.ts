import { randomUUID } from 'node:crypto';
import { writeRequested, type DealState } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, ShippingWorld } from '../shipping-world.fixture.ts';
import { changeStock, keepKit } from './sample-kit.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

const where = {
  shippingName: 'Grace Hopper', shippingStreet: '1 Main Street', shippingCity: 'New York', shippingState: 'NY', shippingPostalCode: '10007', shippingCountry: 'US',
};

async function tenantWithKits(count: number) {
  const shop = await world.tenant();
  const { tenantId, connectionId, transaction, samples, inTenant } = shop;
  await transaction(async (manager) => {
    await keepKit(manager, tenantId, 'starter', {
      name: 'Starter kit', connectionId, from: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
    });
    await changeStock(manager, 'starter', count);
  });
  const crmConnectionId = randomUUID();
  const says = (minute: number, custom: DealState['custom'], dealId = 'deal-1') => transaction((manager) => samples.takeAll(manager, [{ scope: tenantContext.require(), deal: {
    source: { vendor: 'hubspot', connectionId: crmConnectionId, externalId: dealId }, modifiedAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString(),
    name: 'Deal', status: 'open', contacts: [{ externalId: 'c1', email: 'grace@example.com' }], ...(custom && { custom }),
  } }]));
  return { ...shop, crmConnectionId, says, requests: () => inTenant(() => samples.list()) };
}

describe('a deal that asks for a sample', () => {
  it('gets it once, however often it is told, with its status on the deal', async () => {
    const { says, requests, untilStatus, said, sold, crmConnectionId } = await tenantWithKits(5);
    expect(await says(1, { sampleRequest: 'starter', sampleCampaign: 'spring', ...where })).toBe(true);
    expect(await says(1, { sampleRequest: 'starter', ...where })).toBe(false);
    expect(await says(2, { sampleRequest: 'starter', ...where, sampleStatus: 'requested' })).toBe(false);
    const [request] = await requests();
    const shipment = await untilStatus(request?.shipmentId ?? '', 'label_purchased');
    expect(shipment.sample).toEqual({
      contactEmail: 'grace@example.com', product: 'starter', campaign: 'spring', deal: { vendor: 'hubspot', connectionId: crmConnectionId, externalId: 'deal-1' },
    });
    expect(await said(writeRequested)).toMatchObject([{
      vendor: 'hubspot', connectionId: crmConnectionId, object: 'deal', action: { kind: 'write', target: { externalId: 'deal-1' }, fields: { sampleStatus: 'label_purchased' } },
    }]);
    expect(await sold()).toHaveLength(1);
  });

  it('gets another one when it asks for something else, or again after it asked for nothing', async () => {
    const { says, requests } = await tenantWithKits(5);
    await says(1, { sampleRequest: 'starter', ...where });
    const [first] = await requests();
    await says(2, { sampleRequest: '2 x starter', ...where });
    const [second] = await requests();
    expect(second).toMatchObject({ round: 2, quantity: 2, state: 'shipping' });
    await says(3, where);
    await says(4, { sampleRequest: '2 x starter', ...where });
    const [third] = await requests();
    expect(new Set([first, second, third].map((request) => request?.shipmentId)).size).toBe(3);
    expect(await says(2, { sampleRequest: 'other', ...where })).toBe(false);
  });

  it('waits for its recipient where the deal does not name one, and is sent when somebody does', async () => {
    const { says, requests, samples, inTenant } = await tenantWithKits(5);
    await says(1, { sampleRequest: 'starter' });
    const [waiting] = await requests();
    expect(waiting).toMatchObject({ state: 'needs_recipient', detail: expect.stringContaining('shippingName, shippingStreet, shippingCity, shippingPostalCode, shippingCountry') });
    const complete = () => inTenant(() => samples.complete(waiting?.id ?? '', { to: address, contactEmail: 'grace@example.com' }));
    expect(await complete()).toMatchObject({ state: 'shipping', round: 1 });
    await expect(complete()).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is refused with the reason where no kit is left, and two deals do not get the same last one', async () => {
    const { says, requests } = await tenantWithKits(1);
    await Promise.all([says(1, { sampleRequest: 'starter', ...where }, 'deal-1'), says(1, { sampleRequest: 'starter', ...where }, 'deal-2')]);
    expect((await requests()).map(({ state }) => state).toSorted()).toEqual(['refused', 'shipping']);
    await says(1, { sampleRequest: 'unheard-of', ...where }, 'deal-3');
    expect((await requests())[0]).toMatchObject({ state: 'refused', detail: 'There is no sample kit unheard-of.' });
  });
});
