import type { DealLine } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { totalOf, withReductions } from './line-reductions.ts';

const line = (key: string, quantity: number, amountMinor: number): DealLine => ({ key, name: `Item ${key}`, quantity, unitPrice: { amountMinor, currency: 'EUR' } });

describe('what some lines of a deal take off', () => {
  it('is borne by the line that comes to the most, then by the next, and says what it is for', () => {
    expect(withReductions([line('a', 1, 300), line('b', 2, 500), line('coupon', 2, -500), line('refunded', 1, -100)], 'the CRM')).toEqual({
      lines: [{ line: line('a', 1, 300), offMinor: 100 }, { line: line('b', 2, 500), offMinor: 1_000 }], reasons: 'Item coupon -10.00 EUR\nItem refunded -1.00 EUR',
    });
  });

  it('leaves a sum that is the same, or is refused where that is below zero', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -10_000, max: 30_000 })), { maxLength: 12 }), (some) => {
      const lines = some.map(([quantity, cents], index) => line(String(index), quantity, cents));
      const sum = lines.reduce((all, each) => all + totalOf(each), 0);
      const result = withReductions(lines, 'the CRM');
      if (sum < 0) return expect(result).toMatchObject({ kind: 'invalid' });
      const told = 'lines' in result ? result.lines : [];
      expect(told.every(({ line: each, offMinor }) => offMinor >= 0 && offMinor <= totalOf(each))).toBe(true);
      return expect(told.reduce((all, { line: each, offMinor }) => all + totalOf(each) - offMinor, 0)).toBe(sum);
    }));
  });
});
