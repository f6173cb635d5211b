import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumOf } from './channel-credits.ts';
import { anyJourneys, byChannel, type Journey, tableOf } from './journeys.fixture.ts';
import { markovCredits, stepsEffects } from './markov.ts';

/** Solved by hand: from the start to C1 2/3 and C2 1/3; C1 to C2 or none, half each; C2 to C3; C3 to a conversion or none, half each. */
const threeChannels: Journey[] = [
  { path: 'C1 > C2 > C3', conversions: 1, value: 100, nulls: 0 },
  { path: 'C1', conversions: 0, value: 0, nulls: 1 },
  { path: 'C2 > C3', conversions: 0, value: 0, nulls: 1 },
];

/** Of order 2, by hand: without A or C one of two conversions is left, without B none. */
const twoSteps: Journey[] = [
  { path: 'A > B', conversions: 1, value: 30, nulls: 0 },
  { path: 'B > A', conversions: 0, value: 0, nulls: 1 },
  { path: 'A > B > C', conversions: 0, value: 0, nulls: 1 },
  { path: 'C > B', conversions: 1, value: 10, nulls: 0 },
];

describe('crediting channels by their removal effect', () => {
  it('agrees with a chain of order 1 solved by hand', () => {
    const table = tableOf(threeChannels);
    const { credits, removalEffects } = markovCredits(table, 1);
    expect(byChannel(table, removalEffects)).toEqual({ C1: expect.closeTo(0.5, 12), C2: 1, C3: 1 });
    expect(byChannel(table, credits.conversions)).toEqual({ C1: expect.closeTo(0.2, 12), C2: expect.closeTo(0.4, 12), C3: expect.closeTo(0.4, 12) });
    expect(byChannel(table, credits.values)).toEqual({ C1: expect.closeTo(20, 12), C2: expect.closeTo(40, 12), C3: expect.closeTo(40, 12) });
  });

  it('agrees with a chain of order 2 solved by hand, which one of order 1 does not see', () => {
    const table = tableOf(twoSteps);
    const { credits, removalEffects } = markovCredits(table, 2);
    expect(byChannel(table, removalEffects)).toEqual({ A: expect.closeTo(0.5, 12), B: 1, C: expect.closeTo(0.5, 12) });
    expect(byChannel(table, credits.values)).toEqual({ A: expect.closeTo(10, 12), B: expect.closeTo(20, 12), C: expect.closeTo(10, 12) });
    expect(markovCredits(table, 1).removalEffects[0]).not.toBeCloseTo(0.5, 3);
  });

  it.each([1, 2, 3])('agrees with the same equations of order %i solved by elimination', (order) => {
    fc.assert(fc.property(anyJourneys, (journeys) => {
      const table = tableOf(journeys);
      const effects = byChannel(table, markovCredits(table, order).removalEffects);
      const withAll = chanceByElimination(journeys, order);
      for (const channel of table.channels) {
        const expected = withAll === 0 ? 0 : 1 - chanceByElimination(journeys, order, channel) / withAll;
        expect(effects[channel]).toBeCloseTo(expected, 9);
      }
    }), { numRuns: 150 });
  });

  it('comes to the same from steps that were counted elsewhere', () => {
    const steps = [
      { from: undefined, to: { channel: 'C1' }, count: 2 }, { from: undefined, to: { channel: 'C2' }, count: 1 }, { from: 'C1', to: { channel: 'C2' }, count: 1 },
      { from: 'C1', to: 'nothing', count: 1 }, { from: 'C2', to: { channel: 'C3' }, count: 2 }, { from: 'C3', to: 'conversion', count: 1 }, { from: 'C3', to: 'nothing', count: 1 },
    ] as const;
    expect(Object.fromEntries(stepsEffects(steps))).toEqual({ C1: expect.closeTo(0.5, 12), C2: 1, C3: 1 });
    expect(Object.fromEntries(stepsEffects(steps.filter(({ to }) => to !== 'conversion')))).toEqual({ C1: 0, C2: 0, C3: 0 });
    expect(stepsEffects([]).size).toBe(0);
  });

  it.each([1, 2, 3])('shares out just what was converted, in order %i', (order) => {
    fc.assert(fc.property(anyJourneys, (journeys) => {
      const table = tableOf(journeys);
      const { conversions, values } = markovCredits(table, order).credits;
      const expected = { conversions: sumOf(table.conversions), value: sumOf(table.values) };
      if (expected.conversions === 0) return;
      expect(sumOf(conversions)).toBeCloseTo(expected.conversions, 6);
      expect(sumOf(values)).toBeCloseTo(expected.value, 6);
    }), { numRuns: 100 });
  });

  it('follows journeys that hardly ever end', () => {
    const long = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 'A' : 'B')).join(' > ');
    const table = tableOf([{ path: long, conversions: 1, value: 1, nulls: 1 }, { path: 'C', conversions: 1, value: 1, nulls: 0 }]);
    expect(byChannel(table, markovCredits(table, 1).removalEffects)).toEqual({ A: expect.closeTo(0.5, 9), B: expect.closeTo(0.5, 9), C: expect.closeTo(0.5, 9) });
  });

  it('credits nobody where nothing was converted, and says which orders there are', () => {
    const table = tableOf([{ path: 'A > B', conversions: 0, value: 0, nulls: 3 }]);
    expect([...markovCredits(table, 1).credits.conversions]).toEqual([0, 0]);
    expect(() => markovCredits(table, 4)).toThrow('1, 2 or 3, not 4');
    expect(() => markovCredits(table, 1.5)).toThrow('1, 2 or 3, not 1.5');
  });
});

/** The chance of a conversion by another way: words for states, and the equations solved exactly, row by row. */
function chanceByElimination(journeys: readonly Journey[], order: number, removed?: string): number {
  const counts = new Map<string, Map<string, number>>();
  const count = (from: string, to: string, times: number): void => {
    const row = counts.get(from) ?? new Map<string, number>();
    counts.set(from, row.set(to, (row.get(to) ?? 0) + times));
  };
  for (const { path, conversions, nulls } of journeys.filter((journey) => journey.conversions + journey.nulls > 0)) {
    const channels = path.split(' > ');
    channels.forEach((_channel, index) => {
      count(stateAfter(channels, index, order), stateAfter(channels, index + 1, order), conversions + nulls);
    });
    const last = stateAfter(channels, channels.length, order);
    count(last, 'conversion', conversions);
    count(last, 'none', nulls);
  }
  const states = [...counts.keys()];
  const isRemoved = (state: string): boolean => removed !== undefined && state.split(',').at(-1) === removed;
  const rows = states.map((state) => {
    const row = counts.get(state) ?? new Map<string, number>();
    const total = [...row.values()].reduce((a, b) => a + b, 0);
    const chance = (to: string): number => (isRemoved(state) ? 0 : (row.get(to) ?? 0) / total);
    return [...states.map((to) => (to === state ? 1 : 0) - chance(to)), chance('conversion')];
  });
  return solve(rows)[states.indexOf('')] ?? 0;
}

function stateAfter(channels: readonly string[], touches: number, order: number): string {
  return channels.slice(Math.max(0, touches - order), touches).join(',');
}

/** Gauss-Jordan with the largest pivot. */
function solve(rows: number[][]): number[] {
  rows.forEach((_row, column) => {
    const best = rows.slice(column).reduce((a, b) => (Math.abs(b[column] ?? 0) > Math.abs(a[column] ?? 0) ? b : a));
    rows.splice(rows.indexOf(best), 1);
    rows.splice(column, 0, best);
    for (const row of rows) {
      if (row === best) continue;
      const factor = (row[column] ?? 0) / (best[column] ?? 1);
      best.forEach((entry, index) => {
        row[index] = (row[index] ?? 0) - factor * entry;
      });
    }
  });
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}
