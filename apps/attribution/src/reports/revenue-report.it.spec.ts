import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { journeyModels } from '@crossdock/attribution-models';
import fc from 'fast-check';
import { z } from 'zod';
import { amountsOf, AttributionWorld, dayOf } from '../attribution-world.fixture.ts';
import { reportAsCsv } from './report-csv.ts';
import { linesOf } from './report-lines.ts';
import { reportQuerySchema } from './report-query.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

describe('the report of revenue by channel', () => {
  it('shows the models side by side', async () => {
    const shop = world.tenant();
    await shop.touch(6, { channel: 'Paid Search', cost: { amountMinor: 250, currency: 'EUR' } });
    await shop.touch(13);
    await shop.touch(20, { channel: 'direct' });
    await shop.touch(2, { person: 'grace' });
    await shop.win('1', ['ada']);
    const report = await shop.report();
    expect(amountsOf(report)).toEqual({
      direct: { 'first': 0, 'last': 10_000, 'last-non-direct': 0, 'linear': 3_333, 'position': 4_000, 'w-shaped': 4_333, 'time-decay': 5_714, 'markov': 4_000, 'shapley': 3_334 },
      mail: { 'first': 0, 'last': 0, 'last-non-direct': 10_000, 'linear': 3_333, 'position': 2_000, 'w-shaped': 1_334, 'time-decay': 2_857, 'markov': 4_000, 'shapley': 3_333 },
      'paid search': { 'first': 10_000, 'last': 0, 'last-non-direct': 0, 'linear': 3_334, 'position': 4_000, 'w-shaped': 4_333, 'time-decay': 1_429, 'markov': 2_000, 'shapley': 3_333 },
    });
    expect(report.rows.map(({ key, touches, cost }) => ({ key, touches, cost }))).toEqual([
      { key: 'direct', touches: 1, cost: [] }, { key: 'mail', touches: 2, cost: [] },
      { key: 'paid search', touches: 1, cost: [{ amountMinor: 250, currency: 'EUR' }] },
    ]);
    const [, , search] = report.rows;
    expect(search?.credits.find(({ model }) => model === 'linear')).toMatchObject({
      conversions: 0.333333334, returnOnInvestment: (3_334 - 250) / 250, costPerConversionMinor: 750,
    });
    expect(report.result).toMatchObject({ settingsVersion: 0, windowDays: 90, halfLifeDays: 7, markovOrder: 1 });
  });

  it('comes to the same by Markov from counted steps and from journeys', async () => {
    const shop = world.tenant();
    for (const [person, channels] of [['a', ['mail', 'fair']], ['b', ['fair', 'mail', 'fair']], ['c', ['mail']], ['d', ['web', 'mail']]] as const) {
      for (const [index, channel] of channels.entries()) await shop.touch(index + 1, { person, channel });
    }
    await shop.win('1', ['a']);
    await shop.win('2', ['b'], { amount: { amountMinor: 5_000, currency: 'EUR' } });
    const amounts = amountsOf(await shop.report({ models: 'markov' }));
    expect(Object.values(amounts).reduce((total, { markov = 0 }) => total + markov, 0)).toBe(15_000);
    expect(amounts['web']?.['markov']).toBeGreaterThan(0);
    const second = amountsOf(await shop.report({ models: 'markov', order: '2' }));
    expect(Object.values(second).reduce((total, { markov = 0 }) => total + markov, 0)).toBe(15_000);
  });

  it('tells how long the models of each deal take, and the Markov chain of all', async () => {
    const timed = async (model: string): Promise<number> => {
      const metric = await world.metrics.getSingleMetric('crossdock_attribution_recompute_duration_seconds')?.get();
      return z.array(z.looseObject({ metricName: z.string(), value: z.number(), labels: z.record(z.string(), z.unknown()) })).parse(metric?.values)
        .filter(({ metricName, labels }) => metricName.endsWith('_count') && labels['model'] === model).reduce((sum, { value }) => sum + value, 0);
    };
    const shop = world.tenant();
    const before = { deals: await timed('per-deal'), chains: await timed('markov') };
    await shop.touch(6);
    await shop.win('1', ['ada']);
    await shop.report({ models: 'linear' });
    expect(await timed('per-deal')).toBeGreaterThan(before.deals);
    expect(await timed('markov')).toBe(before.chains);
    await shop.report({ models: 'linear,markov' });
    expect(await timed('markov')).toBe(before.chains + 1);
  });

  it('answers for the deals won within a period, by campaign, with the models asked for', async () => {
    const shop = world.tenant();
    await shop.touch(6, { campaign: 'spring' });
    await shop.touch(7);
    await shop.win('1', ['ada']);
    await shop.win('2', ['ada'], { closedAt: dayOf(25), amount: { amountMinor: 500, currency: 'USD' } });
    const report = await shop.report({ by: 'campaign', models: 'linear', from: dayOf(24), to: dayOf(28) });
    expect(report.rows).toEqual([
      { key: 'spring', touches: 0, cost: [], credits: [{ model: 'linear', conversions: 0.5, revenue: [{ amountMinor: 250, currency: 'USD' }] }] },
      { key: null, touches: 0, cost: [], credits: [{ model: 'linear', conversions: 0.5, revenue: [{ amountMinor: 250, currency: 'USD' }] }] },
    ]);
    expect(reportAsCsv(report.by, linesOf(report))).toBe('campaign,touches,model,conversions,currency,amount_minor\nspring,0,linear,0.5,USD,250\n,0,linear,0.5,USD,250\n');
    expect(() => reportQuerySchema.parse({ models: 'linear,guess' })).toThrow('There is no model guess');
    expect(reportQuerySchema.safeParse({ from: '2026-03-01T12:00:00.000Z' }).success).toBe(false);
  });

  it('answers by workspace and for the accounts of one, with the touches that came by them and all ways to their deals', async () => {
    const shop = world.tenant();
    const [north, south, other] = [randomUUID(), randomUUID(), randomUUID()];
    const source = (connectionId: string, externalId: string) => ({ source: { vendor: 'hubspot' as const, connectionId, externalId } });
    await shop.touch(6, { connectionId: north, cost: { amountMinor: 250, currency: 'EUR' } });
    await shop.touch(7, { channel: 'fair', connectionId: other });
    await shop.touch(8, { person: 'grace', channel: 'web' });
    await shop.win('1', ['ada'], source(north, '1'));
    await shop.win('2', ['ada'], { ...source(south, '2'), amount: { amountMinor: 700, currency: 'EUR' } });
    await shop.win('3', ['ada'], { ...source(other, '3'), amount: { amountMinor: 50, currency: 'EUR' } });
    const [brand, country, rest] = [randomUUID(), randomUUID(), randomUUID()];
    const byWorkspace = await shop.report({ by: 'workspace' }, { [brand]: [north, south], [country]: [] });
    expect(byWorkspace.rows.map(({ key, touches, credits }) => ({ key, touches, revenue: credits[0]?.revenue }))).toEqual([
      { key: brand, touches: 1, revenue: [{ amountMinor: 10_700, currency: 'EUR' }] }, { key: null, touches: 2, revenue: [{ amountMinor: 50, currency: 'EUR' }] },
    ]);
    const ofBrand = await shop.report({ models: 'linear,markov', workspace: brand }, { [brand]: [north, south] });
    expect(amountsOf(ofBrand)).toEqual({ mail: { linear: 5_350, markov: 5_350 }, fair: { linear: 5_350, markov: 5_350 }, web: { linear: 0, markov: 0 } });
    expect(ofBrand.rows.map(({ key, touches }) => [key, touches])).toEqual([['fair', 0], ['mail', 1], ['web', 0]]);
    expect(amountsOf(await shop.report({ models: 'linear,markov', order: '2', workspace: rest }, { [rest]: [other] }))).toMatchObject({ fair: { linear: 25, markov: 25 }, mail: { linear: 25 } });
    expect((await shop.report({ workspace: country })).rows.flatMap(({ credits }) => credits.flatMap(({ revenue }) => revenue))).toEqual([]);
  });

  it('goes on after the row that the page before ended with', async () => {
    const shop = world.tenant();
    for (const channel of ['a', 'b', 'c']) await shop.touch(6, { channel });
    const first = await shop.report({ limit: '2' });
    expect([first.rows.map(({ key }) => key), first.nextCursor]).toEqual([['a', 'b'], 'b']);
    const second = await shop.report({ limit: '2', cursor: first.nextCursor ?? '' });
    expect([second.rows.map(({ key }) => key), second.nextCursor]).toEqual([['c'], undefined]);
  });

  it('takes a touch from one person and gives it to another when it is told anew', async () => {
    const shop = world.tenant();
    await shop.win('1', ['ada']);
    await shop.win('2', ['grace'], { amount: { amountMinor: 700, currency: 'EUR' } });
    await shop.touch(6, { id: 'visit' });
    expect(amountsOf(await shop.report())).toMatchObject({ mail: { linear: 10_000, shapley: 10_000 } });
    await shop.touch(6, { id: 'visit', person: 'grace', channel: 'fair' });
    expect(amountsOf(await shop.report())).toEqual({ fair: Object.fromEntries(journeyModels.map((model) => [model, 700])) });
  });

  it('sums by every model to the revenue of the deals that were touched, whatever came in which order', async () => {
    const persons = ['ada', 'grace', 'joan'];
    // One touch a day: of touches at the same moment the id decides, and that differs between tenants.
    const anyTold = fc.uniqueArray(
      fc.record({ person: fc.constantFrom(...persons), day: fc.integer({ min: 1, max: 25 }), channel: fc.constantFrom('mail', 'fair', 'direct') }),
      { selector: ({ day }) => day, minLength: 1, maxLength: 12 });
    const anyDeals = fc.array(fc.record({ persons: fc.subarray(persons, { minLength: 1 }), amountMinor: fc.integer({ min: 1, max: 99_999 }) }), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(anyTold, anyDeals, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (told, deals, random) => {
      const reports = await Promise.all([0, 1].map(async () => {
        const shop = world.tenant();
        const events: Array<() => Promise<unknown>> = [
          ...told.map(({ day, ...each }) => () => shop.touch(day, each)),
          ...deals.map(({ persons: contacts, amountMinor }, index) => () => shop.win(String(index), contacts, { amount: { amountMinor, currency: 'EUR' } })),
        ];
        const shuffled = events.map((event) => ({ event, rank: Number(random.next().value) })).sort((a, b) => a.rank - b.rank);
        for (const { event } of shuffled) await event();
        return shop.report();
      }));
      const [first, second] = reports;
      if (!first || !second) throw new Error('Two reports were read.');
      expect(second.rows).toEqual(first.rows);
      const all = deals.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const rest = first.unattributed.revenue.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      for (const model of journeyModels) {
        expect(Object.values(amountsOf(first)).reduce((total, amounts) => total + (amounts[model] ?? 0), 0)).toBe(all - rest);
      }
    }), { numRuns: 15 });
  }, 120_000);
});
