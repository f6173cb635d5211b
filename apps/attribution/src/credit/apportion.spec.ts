import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apportion } from './apportion.ts';

const anyTotal = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const anyWeights = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 });

describe('splitting an amount', () => {
  it('gives parts that sum to the amount exactly', () => {
    fc.assert(fc.property(anyTotal, anyWeights, (total, weights) => {
      const sum = apportion(total, weights).reduce((a, part) => a + BigInt(part), 0n);
      expect(sum).toBe(BigInt(total));
    }));
  });

  it('keeps each part within one unit of its exact share', () => {
    fc.assert(fc.property(fc.nat({ max: 1_000_000_000 }), anyWeights, (total, weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      apportion(total, weights).forEach((part, index) => {
        expect(Math.abs(part - (total * (weights[index] ?? 0)) / sum)).toBeLessThan(1);
      });
    }));
  });

  it('gives the odd units to the earliest of equal parts', () => {
    expect(apportion(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(apportion(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
  });

  it('gives nothing where there is nothing to split or nobody to give to', () => {
    expect(apportion(0, [1, 1])).toEqual([0, 0]);
    expect(apportion(100, [])).toEqual([]);
  });
});
