import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumOf } from './channel-credits.ts';
import { anyJourneys, byChannel, tableOf } from './journeys.fixture.ts';
import { computeCredits, defaultParameters, journeyModels } from './models.ts';

const journeys = [
  { path: 'Ads > Mail > Direct', conversions: 2, value: 30, nulls: 1 },
  { path: 'Mail > Mail', conversions: 1, value: 12, nulls: 0 },
  { path: 'Ads', conversions: 0, value: 0, nulls: 8 },
];

describe('computing a model over a table of journeys', () => {
  it.each([
    ['first', { Ads: 2, Mail: 1, Direct: 0 }],
    ['last', { Ads: 0, Mail: 1, Direct: 2 }],
    ['last-non-direct', { Ads: 0, Mail: 3, Direct: 0 }],
    ['linear', { Ads: 2 / 3, Mail: 5 / 3, Direct: 2 / 3 }],
    ['position', { Ads: 0.8, Mail: 1.4, Direct: 0.8 }],
    ['w-shaped', { Ads: 16 / 15, Mail: 22 / 15, Direct: 7 / 15 }],
    ['shapley', { Ads: 2 / 3, Mail: 5 / 3, Direct: 2 / 3 }],
  ] as const)('gives the channels by %s what was worked out by hand', (model, expected) => {
    const table = tableOf(journeys);
    const conversions = byChannel(table, computeCredits(table, model, defaultParameters).conversions);
    for (const [channel, credit] of Object.entries(expected)) expect(conversions[channel]).toBeCloseTo(credit, 12);
  });

  it('takes touches to be a day apart where time decides', () => {
    const table = tableOf([{ path: 'A > B', conversions: 3, value: 3, nulls: 0 }]);
    expect(byChannel(table, computeCredits(table, 'time-decay', { order: 1, halfLifeDays: 1 }).conversions))
      .toEqual({ A: expect.closeTo(1, 12), B: expect.closeTo(2, 12) });
  });

  it.each(journeyModels)('shares out just what was converted, by %s, and the order of the journeys does not matter', (model) => {
    fc.assert(fc.property(anyJourneys, (some) => {
      const table = tableOf(some);
      const credits = computeCredits(table, model, defaultParameters);
      if (sumOf(table.conversions) > 0) {
        expect(sumOf(credits.conversions)).toBeCloseTo(sumOf(table.conversions), 6);
        expect(sumOf(credits.values)).toBeCloseTo(sumOf(table.values), 6);
      }
      const reversed = tableOf(some.toReversed());
      const again = byChannel(reversed, computeCredits(reversed, model, defaultParameters).conversions);
      for (const [channel, credit] of Object.entries(byChannel(table, credits.conversions))) expect(again[channel]).toBeCloseTo(credit, 6);
    }), { numRuns: 60 });
  });
});
