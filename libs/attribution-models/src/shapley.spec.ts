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

  it('is exact for sixty channels too: no further from random orders of joining than chance has them differ', () => {
    const channels = Array.from({ length: 60 }, (_, index) => `c${index}`);
    const random = fc.sample(fc.array(fc.record({ path: fc.subarray(channels, { minLength: 1, maxLength: 6 }).map((path) => path.join(' > ')), conversions: fc.integer({ min: 1, max: 9 }) }), { minLength: 60, maxLength: 60 }), { seed: 20_261_121, numRuns: 1 })[0] ?? [];
    const journeys: Journey[] = random.map((journey) => ({ ...journey, value: 0, nulls: 0 }));
    const credits = byChannel(tableOf(journeys), shapleyCredits(tableOf(journeys)).conversions);
    const orders = fc.sample(fc.shuffledSubarray(channels, { minLength: channels.length }), { seed: 7, numRuns: 4_000 });
    const added = orders.map((order) => addedInOrder(journeys, order));
    for (const [channel, credit] of Object.entries(credits)) {
      const samples = added.map((each) => each.get(channel) ?? 0);
      const mean = samples.reduce((sum, each) => sum + each, 0) / samples.length;
      const standardError = Math.sqrt(samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (samples.length - 1) / samples.length);
      expect({ channel, isNear: Math.abs(mean - credit) <= 5 * standardError + 1e-9 }).toEqual({ channel, isNear: true });
    }
  });
});

/** What each channel adds when channels join in this order: a journey is worth something once the last of its channels is there. */
function addedInOrder(journeys: readonly Journey[], order: readonly string[]): Map<string, number> {
  const places = new Map(order.map((channel, place) => [channel, place]));
  const added = new Map<string, number>();
  for (const { path, conversions } of journeys) {
    const last = order[Math.max(...path.split(' > ').map((channel) => places.get(channel) ?? 0))] ?? '';
    added.set(last, (added.get(last) ?? 0) + conversions);
  }
  return added;
}

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
