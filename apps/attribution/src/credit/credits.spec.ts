import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Touch } from '../touches/touch.ts';
import { Contributions } from './contributions.ts';
import { creditTouches, dealModels, partsPerConversion } from './credits.ts';
import { type Journey, stepsOf } from './journey.ts';
import { touchDimensions } from './touch-dimensions.ts';

const closedAt = new Date('2026-03-10T00:00:00.000Z');
const window = { end: closedAt, windowDays: 30, touchKinds: ['web', 'lead'] };
const touch = (touchId: string, at: string, fields: Partial<Touch> = {}): Touch =>
  ({ touchId, kind: 'web', channel: 'sample', campaign: null, product: null, touchedAt: new Date(at), ...fields });

function journeyOf(touches: readonly Touch[], amountMinor = 10_000): Journey {
  return { convertedAt: closedAt, openedAt: new Date('2026-03-04T00:00:00.000Z'), revenue: { amountMinor, currency: 'USD' }, account: 'a', owner: undefined, steps: stepsOf(touches, window) };
}

const anyTouches = fc.uniqueArray(
  fc.record({
    touchId: fc.uuid(), kind: fc.constantFrom('web' as const, 'lead' as const, 'order' as const), channel: fc.constantFrom('sample', 'mail', 'direct'),
    campaign: fc.constantFrom('spring', null), product: fc.constantFrom('oak', 'ash', null),
    touchedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-03-20'), noInvalidDate: true }),
  }),
  { selector: ({ touchId }) => touchId, maxLength: 20 },
);
const anyAmount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('credit of a deal', () => {
  it('sums to the revenue and to one conversion exactly by every model', () => {
    fc.assert(fc.property(anyTouches, anyAmount, fc.constantFrom(...dealModels), (touches, amountMinor, model) => {
      const journey = journeyOf(touches, amountMinor);
      const { amountsMinor, parts } = creditTouches(journey, model, 7);
      const isTouched = journey.steps.atMs.length > 0;
      expect([sumOf(amountsMinor), sumOf(parts)]).toEqual(isTouched ? [amountMinor, partsPerConversion] : [0, 0]);
    }));
  });

  it('sums to the revenue by each trait of its touches too, and leaves nothing when it is taken back', () => {
    fc.assert(fc.property(anyTouches, anyAmount, (touches, amountMinor) => {
      const journey = journeyOf(touches, amountMinor);
      const sums = new Contributions();
      sums.addWon(journey, 7, 1);
      for (const dimension of touchDimensions) {
        for (const model of dealModels) {
          const of = [...sums.credits()].filter((sum) => sum.dimension === dimension && sum.model === model);
          const isTouched = journey.steps.atMs.length > 0;
          expect([sumOf(of.map((sum) => sum.amountMinor)), sumOf(of.map(({ parts }) => parts))]).toEqual(isTouched ? [amountMinor, partsPerConversion] : [0, 0]);
        }
      }
      sums.addWon(journey, 7, -1);
      expect([...sums.credits(), ...sums.steps()]).toEqual([]);
    }));
  });

  it('does not depend on the order in which touches became known', () => {
    const shuffled = anyTouches.chain((touches) => fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })));
    fc.assert(fc.property(shuffled, ([touches, others]) => {
      expect(journeyOf(others)).toEqual(journeyOf(touches));
    }));
  });

  it('goes only to touches of the kinds that count, within the window and by the close', () => {
    const { steps } = journeyOf([
      touch('at-close', '2026-03-10T00:00:00.000Z'), touch('too-late', '2026-03-10T00:00:00.001Z'), touch('too-early', '2026-02-07T23:59:59.999Z'),
      touch('just-in-time', '2026-02-08T00:00:00.000Z'), touch('other kind', '2026-03-02T00:00:00.000Z', { kind: 'order' }),
    ]);
    expect(steps.touchIds).toEqual(['just-in-time', 'at-close']);
  });

  it('knows by time, kind and channel what each model gives', () => {
    const journey = journeyOf([
      touch('1', '2026-03-03T00:00:00.000Z'), touch('2', '2026-03-04T00:00:00.000Z', { kind: 'lead', channel: 'mail' }),
      touch('3', '2026-03-09T00:00:00.000Z', { channel: 'mail' }), touch('4', '2026-03-10T00:00:00.000Z', { channel: 'direct' }),
    ]);
    const amounts = Object.fromEntries(dealModels.map((model) => [model, creditTouches(journey, model, 7).amountsMinor]));
    expect(amounts).toEqual({
      'first': [10_000, 0, 0, 0], 'last': [0, 0, 0, 10_000], 'last-non-direct': [0, 0, 10_000, 0], 'linear': [2_500, 2_500, 2_500, 2_500],
      'position': [4_000, 1_000, 1_000, 4_000], 'w-shaped': [3_000, 6_000, 500, 500], 'shapley': [3_333, 1_667, 1_667, 3_333],
      'time-decay': [1_691, 1_866, 3_062, 3_381],
    });
  });
});
