import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AttributionTenant, AttributionWorld, dayOf } from '../attribution-world.fixture.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

/** What CRMs were asked to hold, in order. */
async function writesOf(shop: AttributionTenant): Promise<unknown[]> {
  await shop.settled();
  const rows = await world.admin.query<Array<{ data: { action: unknown } }>>(
    `SELECT payload::jsonb -> 'data' AS data FROM outbox WHERE tenant_id = $1 ORDER BY id`, [shop.id]);
  return rows.map(({ data }) => data.action);
}

describe('what a deal is credited to', () => {
  it('is written into a field of the deal where the tenant wants that, and again when it has changed', async () => {
    const shop = world.tenant();
    await shop.touch(2);
    await shop.win('1', ['ada']);
    await shop.configure({ model: 'time-decay' });
    expect(await writesOf(shop)).toEqual([]);
    await shop.configure({ writeBack: { connectionIds: [shop.connectionId], field: 'brought_by' } });
    const write = (value: string | null) => ({ kind: 'write', target: { externalId: '1' }, fields: { brought_by: value } });
    expect(await writesOf(shop)).toEqual([write('mail 100.00 %')]);
    await shop.touch(3, { channel: 'fair' });
    await shop.touch(4, { channel: 'fair' });
    await shop.settled();
    await shop.win('1', ['ada'], { modifiedAt: dayOf(21) });
    const all = [write('mail 100.00 %'), write('fair 66.67 %; mail 33.33 %')];
    expect((await writesOf(shop)).at(-1)).toEqual(all[1]);
    await shop.win('1', ['ada'], { status: 'open', modifiedAt: dayOf(22) });
    expect((await writesOf(shop)).at(-1)).toEqual(write(null));
  });
});
