import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CreditRule, firstTouch, lastNonDirectTouch, lastTouch, linear, positionBased, timeDecay, type TouchPath, wShaped,
} from './credit-rules.ts';

interface PathDescription {
  readonly daysBefore: readonly number[];
  readonly direct?: readonly number[];
  readonly leadIndex?: number | undefined;
  readonly opportunityIndex?: number | undefined;
}

function pathOf({ daysBefore, direct = [], leadIndex, opportunityIndex }: PathDescription): TouchPath {
  return {
    length: daysBefore.length, leadIndex, opportunityIndex,
    daysBefore: (index) => daysBefore[index] ?? 0,
    isDirect: (index) => direct.includes(index),
  };
}

function partsOf(rule: CreditRule, description: PathDescription): number[] {
  const parts = new Float64Array(description.daysBefore.length);
  rule(pathOf(description), parts);
  return [...parts];
}

const fourDays = { daysBefore: [3, 2, 1, 0] };

describe('sharing the credit for one conversion among its touches', () => {
  it('gives all to the first or to the last touch', () => {
    expect(partsOf(firstTouch, fourDays)).toEqual([1, 0, 0, 0]);
    expect(partsOf(lastTouch, fourDays)).toEqual([0, 0, 0, 1]);
  });

  it('passes direct touches over from the end, and takes the last one where all are direct', () => {
    expect(partsOf(lastNonDirectTouch, { ...fourDays, direct: [2, 3] })).toEqual([0, 1, 0, 0]);
    expect(partsOf(lastNonDirectTouch, { ...fourDays, direct: [0, 1, 2, 3] })).toEqual([0, 0, 0, 1]);
    expect(partsOf(lastNonDirectTouch, { ...fourDays, direct: [1, 2, 3] })).toEqual([1, 0, 0, 0]);
  });

  it('gives each touch the same', () => {
    expect(partsOf(linear, fourDays)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('gives the ends 40 % each and those between the rest', () => {
    expect(partsOf(positionBased, fourDays)).toEqual([0.4, expect.closeTo(0.1, 12), expect.closeTo(0.1, 12), 0.4]);
    expect(partsOf(positionBased, { daysBefore: [1, 0] })).toEqual([0.5, 0.5]);
    expect(partsOf(positionBased, { daysBefore: [0] })).toEqual([1]);
  });

  it('gives the three milestones 30 % each and the others the rest', () => {
    expect(partsOf(wShaped, { daysBefore: [4, 3, 2, 1, 0], leadIndex: 1, opportunityIndex: 3 }))
      .toEqual([0.3, 0.3, expect.closeTo(0.05, 12), 0.3, expect.closeTo(0.05, 12)]);
  });

  it('gives a touch that was several milestones the parts of all, and a milestone without a touch to all alike', () => {
    expect(partsOf(wShaped, { daysBefore: [1, 0], leadIndex: 0, opportunityIndex: 0 })).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
    expect(partsOf(wShaped, { daysBefore: [1, 0], leadIndex: 1 })).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
  });

  it('halves a touch’s weight with each half-life before the last one', () => {
    expect(partsOf(timeDecay(7), { daysBefore: [14, 7, 0] })).toEqual([1 / 7, 2 / 7, 4 / 7].map((part) => expect.closeTo(part, 12)));
    expect(partsOf(timeDecay(7), { daysBefore: [100_014, 100_007, 100_000] })).toEqual([1 / 7, 2 / 7, 4 / 7].map((part) => expect.closeTo(part, 12)));
    expect(() => timeDecay(0)).toThrow('above 0 days');
  });

  it('shares out one whole, whatever the path', () => {
    const anyDescription = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 12 }).chain((days) => {
      const anyIndex = fc.option(fc.nat({ max: days.length - 1 }), { nil: undefined });
      return fc.record({
        daysBefore: fc.constant(days.toSorted((a, b) => b - a)), direct: fc.subarray(days.map((_day, index) => index)),
        leadIndex: anyIndex, opportunityIndex: anyIndex,
      });
    });
    const rules = [firstTouch, lastTouch, lastNonDirectTouch, linear, positionBased, wShaped, timeDecay(7)];
    fc.assert(fc.property(anyDescription, fc.constantFrom(...rules), (description, rule) => {
      const parts = partsOf(rule, description);
      expect(parts.every((part) => part >= 0)).toBe(true);
      expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }));
  });
});
