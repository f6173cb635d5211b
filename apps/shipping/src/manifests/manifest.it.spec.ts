import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, ShippingWorld } from '../shipping-world.fixture.ts';

let world: ShippingWorld;
beforeAll(async () => {
  world = await ShippingWorld.open();
});
afterAll(() => world.close());

async function withLabels(count: number) {
  const shop = await world.tenant();
  const asked = await Promise.all(Array.from({ length: count }, (_, index) => shop.request(`key-${index}`)));
  for (const { id } of asked) await shop.untilStatus(id, 'label_purchased');
  const { manifests } = world.shipping;
  const close = (key: string, shipmentIds: string[]) => shop.inTenant(() => manifests.request(key, { shipmentIds, shippedOn: '2026-03-01' }));
  const until = (id: string, state: string) => eventually(`the manifest to be ${state}`, async () => {
    const manifest = await shop.inTenant(() => manifests.read(id));
    return manifest.state === state && manifest;
  });
  return { shop, ids: asked.map(({ id }) => id), close, until };
}

describe('a manifest', () => {
  it('closes out a day’s labels once, although the answer is lost', async () => {
    const { ids, close, until } = await withLabels(2);
    const before = (await world.control.writes('shippo')).byType['manifests']?.created ?? 0;
    await world.control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/manifests' });
    const { id } = await close('close-1', ids);
    expect(await close('close-1', ids)).toMatchObject({ id });
    expect((await until(id, 'ready')).documents).toEqual([expect.stringMatching(/pdf$/)]);
    expect((await world.control.writes('shippo')).byType['manifests']?.created).toBe(before + 1);
    await expect(close('close-2', ids)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('takes labels of one carrier account and one place, that are still to be handed over', async () => {
    const { shop, ids, close } = await withLabels(2);
    const other = await shop.request('other', { carrierPreference: 'ups' });
    const elsewhere = await shop.request('elsewhere', { from: { ...address, street1: '2 Main Street' } });
    for (const { id } of [other, elsewhere]) {
      await shop.untilStatus(id, 'label_purchased');
      await expect(close('close-1', [...ids, id])).rejects.toMatchObject({ kind: 'invalid' });
    }
    await shop.takeBack(ids[0] ?? '');
    await expect(close('close-1', ids)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is made of a day’s labels by itself, once however often the day is looked at, for the carriers that ask for it', async () => {
    const { shop, ids, until } = await withLabels(2);
    const byUps = await shop.request('ups', { carrierPreference: 'ups' });
    await shop.untilStatus(byUps.id, 'label_purchased');
    await shop.allow({ dailyManifests: { at: '17:30', timeZone: 'Asia/Tokyo', carriers: ['usps'] } });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const { daily, manifests } = world.shipping;
    const close = (moment: Date) => shop.transaction((manager) => daily.closeDay(manager, moment));
    // The cut-off before the setting was made belongs to nobody.
    expect(await close(new Date())).toEqual([]);
    const made = await Promise.all([1, 1, 1].map((days) => close(inDays(days))));
    expect(made.flat()).toHaveLength(1);
    expect((await until(made.flat()[0] ?? '', 'ready')).shipmentIds).toEqual(ids.toSorted());
    const later = await shop.request('later');
    await shop.untilStatus(later.id, 'label_purchased');
    expect(await close(inDays(1))).toEqual([]);
    const [next = ''] = await close(inDays(2));
    expect((await until(next, 'ready')).shipmentIds).toEqual([later.id]);
    expect((await shop.inTenant(() => manifests.list())).map(({ id }) => id)).toEqual([next, ...made.flat()]);
    expect(await shop.inTenant(() => manifests.list('2020-01-01'))).toEqual([]);
  });

  it('that the carrier does not make says why, and its labels may come into another', async () => {
    const { shop, ids, close, until } = await withLabels(1);
    const [transaction] = await shop.sold();
    await world.control.spoilShippoTransaction(shop.account, transaction?.object_id ?? '');
    expect((await until((await close('close-1', ids)).id, 'failed')).message).toContain('manifest_invalid_transactions');
    expect(await close('close-2', ids)).toMatchObject({ state: 'requested' });
  });
});
