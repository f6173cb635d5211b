import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyJourneys, byChannel, type Journey, tableOf } from './journeys.fixture.ts';
import { shapleyCredits } from './shapley.ts';

describe('crediting channels by their Shapley value', () => {
  it('agrees with a game solved by hand', () => {
    const table = tableOf([
      { path: 'A > B > A', conversions: 4, value: 40, nulls: 9 },
      { path: 'A', conversions: 2, value: 10, nulls: 0 },
      { path: 'C > B > A', conversions: 3, value: 30, nulls: 1 },
      { path: 'D', conversions: 0, value: 0, nulls: 5 },
    ]);
    const { conversions, values } = shapleyCredits(table);
    expect(byChannel(table, conversions)).toEqual({ A: 5, B: 3, C: 1, D: 0 });
    expect(byChannel(table, values)).toEqual({ A: 40, B: 30, C: 10, D: 0 });
  });

  it('agrees with what each channel adds to every coalition, counted one by one', () => {
    fc.assert(fc.property(anyJourneys, (journeys) => {
      const table = tableOf(journeys);
      const credits = byChannel(table, shapleyCredits(table).conversions);
      for (const channel of table.channels) {
        expect(credits[channel]).toBeCloseTo(valueByCoalitions(journeys, table.channels, channel), 9);
      }
    }), { numRuns: 100 });
  });
});

/** Shapley's own formula: the worth a player adds to each coalition, weighed by how many orders of joining lead to it. */
function valueByCoalitions(journeys: readonly Journey[], channels: readonly string[], player: string): number {
  const others = channels.filter((channel) => channel !== player);
  let value = 0;
  for (let members = 0; members < 2 ** others.length; members += 1) {
    const coalition = others.filter((_other, index) => (members >> index) % 2 === 1);
    const added = worthOf(journeys, [...coalition, player]) - worthOf(journeys, coalition);
    value += (added * factorial(coalition.length) * factorial(others.length - coalition.length)) / factorial(channels.length);
  }
  return value;
}

function worthOf(journeys: readonly Journey[], coalition: readonly string[]): number {
  return journeys
    .filter(({ path }) => path.split(' > ').every((channel) => coalition.includes(channel)))
    .reduce((worth, { conversions }) => worth + conversions, 0);
}

function factorial(number: number): number {
  return number <= 1 ? 1 : number * factorial(number - 1);
}
