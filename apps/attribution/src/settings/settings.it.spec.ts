import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { amountsOf, AttributionWorld } from '../attribution-world.fixture.ts';
import { readSettings } from './settings-changes.ts';
import { settingsSchema } from './settings.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

describe('settings of attribution', () => {
  it('hold once a job has worked out all results by them', async () => {
    const shop = world.tenant();
    await shop.touch(1, { channel: 'fair' });
    await shop.touch(18);
    await shop.touch(2, { person: 'grace', channel: 'web' });
    for (const id of ['1', '2', '3']) await shop.win(id, ['ada']);
    expect(amountsOf(await shop.report({ models: 'linear,markov' }))).toMatchObject({ fair: { linear: 15_000, markov: 15_000 }, mail: { linear: 15_000 } });
    expect(await shop.configure({ windowDays: 7 })).toMatchObject({ outcome: 'saved', settings: { version: 0, building: { version: 1, settings: { windowDays: 7 } } } });
    const report = await shop.report({ models: 'linear,markov' });
    expect(amountsOf(report)).toEqual({ fair: { linear: 0, markov: 0 }, mail: { linear: 30_000, markov: 30_000 }, web: { linear: 0, markov: 0 } });
    expect(report.result).toMatchObject({ settingsVersion: 1, windowDays: 7 });
    const [job] = await shop.within((manager) => world.jobs.list(manager, {}));
    expect(job).toMatchObject({ kind: 'attribution.backfill', state: 'succeeded', total: 6, done: 6 });
  });

  it('are followed by what changes while they are being worked out and afterwards, and those before are left behind', async () => {
    const shop = world.tenant();
    for (let id = 1; id <= 20; id += 1) await shop.win(String(id), [`person${id}`]);
    const [change] = await Promise.all([
      shop.configure({ halfLifeDays: 1 }),
      ...Array.from({ length: 20 }, (_, index) => shop.touch(5, { person: `person${index + 1}` })),
    ]);
    expect(change.outcome).toBe('saved');
    expect(amountsOf(await shop.report({ models: 'linear' }))).toEqual({ mail: { linear: 200_000 } });
    await shop.touch(6, { person: 'person1', channel: 'fair' });
    expect(amountsOf(await shop.report({ models: 'linear' }))).toEqual({ mail: { linear: 195_000 }, fair: { linear: 5_000 } });
    await shop.configure({ halfLifeDays: 2 });
    await shop.configure({ halfLifeDays: 3 });
    const kept = await world.admin.query<Array<{ rules_version: number }>>('SELECT DISTINCT rules_version FROM journey WHERE tenant_id = $1 ORDER BY 1', [shop.id]);
    expect(kept.map(({ rules_version: version }) => version)).toEqual([2, 3]);
  });

  it('hold at once where no result depends on them', async () => {
    const shop = world.tenant();
    await shop.touch(18);
    await shop.win('1', ['ada']);
    await shop.settled();
    expect(await shop.configure({ model: 'first', markovOrder: 2 })).toMatchObject({ outcome: 'saved', settings: { version: 1 } });
    expect((await shop.dealReport('1'))?.model).toBe('first');
    expect((await shop.report()).result).toMatchObject({ settingsVersion: 1, markovOrder: 2 });
  });

  it('are not saved over those that somebody else has saved meanwhile', async () => {
    const shop = world.tenant();
    await shop.configure({ windowDays: 7 });
    const change = await shop.within((manager) => world.settings.save(manager, { settings: settingsSchema.parse({}), seen: 0, savedBy: 'grace' }));
    expect(change).toEqual({ outcome: 'overtaken', version: 1 });
  });

  it('give way to newer ones while they are being worked out', async () => {
    const shop = world.tenant();
    await shop.touch(1);
    await shop.win('1', ['ada']);
    await shop.settled();
    await Promise.all([shop.configure({ windowDays: 7 }), shop.configure({ windowDays: 30 })].map((change) => change.catch(() => undefined)));
    await shop.settled();
    const { version, building, settings } = await shop.within(readSettings);
    expect([version > 0, building, [7, 30].includes(settings.windowDays)]).toEqual([true, undefined, true]);
    expect(amountsOf(await shop.report({ models: 'linear' }))).toEqual({ mail: { linear: settings.windowDays === 30 ? 10_000 : 0 } });
  });

  it('say by stages of an account what counts as converted, whose touches count, and of which kinds', async () => {
    const shop = world.tenant();
    await shop.touch(18, { person: 'grace' });
    await shop.touch(19, { kind: 'campaign', channel: 'fair' });
    await shop.takeDeal('1', { status: 'open', vendorStage: 'signed', custom: { owner: 'lin' } });
    await shop.takeDeal('2', { vendorStage: 'elsewhere' });
    await shop.configure({ conversionStages: { [shop.connectionId]: ['signed'] }, reach: 'company', touchKinds: ['web'] });
    expect(amountsOf(await shop.report({ models: 'linear' }))).toMatchObject({ mail: { linear: 10_000 } });
    expect((await shop.report({ by: 'owner' })).rows).toEqual([
      { key: 'lin', touches: 0, cost: [], credits: [{ model: 'any', conversions: 1, revenue: [{ amountMinor: 10_000, currency: 'EUR' }] }] },
    ]);
  });

  it.each([{ windowDays: 0 }, { halfLifeDays: -1 }, { touchKinds: [] }, { model: 'markov' }, { unknown: 1 }, { conversionStages: { x: ['a'] } }])('are refused where they are wrong: %j', (settings) => {
    expect(settingsSchema.safeParse(settings).success).toBe(false);
  });
});
