import type { DealLine } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priced } from './line-prices.ts';

const line = (key: string, quantity: number, amountMinor: number): DealLine => ({ key, name: `Item ${key}`, quantity, unitPrice: { amountMinor, currency: 'EUR' } });

describe('the lines of a deal at HubSpot', () => {
  it('are as they were told where none takes something off', () => {
    expect(priced([line('a', 2, 500), line('b', 1, 0)])).toMatchObject([
      { key: 'a', name: 'Item a', quantity: 2, priceMinor: 500, discountMinor: 0, description: '' }, { key: 'b', quantity: 1, priceMinor: 0, discountMinor: 0 },
    ]);
  });

  it('have what is taken off as a discount on the line that comes to the most, and on the next where that is not enough', () => {
    expect(priced([line('a', 1, 300), line('b', 2, 500), line('refunded', 1, -1_100)])).toMatchObject([
      { key: 'a', priceMinor: 300, discountMinor: 100, description: 'Item refunded -11.00 EUR' },
      { key: 'b', name: '2 × Item b', quantity: 1, priceMinor: 1_000, discountMinor: 1_000, description: 'Item refunded -11.00 EUR' },
    ]);
  });

  it('come to the same sum, or are refused where that is below zero', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -10_000, max: 30_000 })), { maxLength: 12 }), (some) => {
      const lines = some.map(([quantity, cents], index) => line(String(index), quantity, cents));
      const sum = some.reduce((all, [quantity, cents]) => all + quantity * cents, 0);
      const result = priced(lines);
      if (sum < 0) return expect(result).toMatchObject({ kind: 'invalid' });
      const told = Array.isArray(result) ? result : [];
      expect(told.every(({ priceMinor, discountMinor }) => discountMinor >= 0 && priceMinor >= discountMinor)).toBe(true);
      return expect(told.reduce((all, { quantity, priceMinor, discountMinor }) => all + quantity * (priceMinor - discountMinor), 0)).toBe(sum);
    }));
  });
});
