import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CurrencyRates } from './currency-rates.ts';

const rates = new CurrencyRates('EUR', [
  { currency: 'USD', day: '2026-03-01', rate: 0.9 }, { currency: 'USD', day: '2026-03-10', rate: 0.95 }, { currency: 'JPY', day: '2026-03-01', rate: 0.006 },
]);
const amount = (day: string, currency: string, amountMinor: number) => ({ day, currency, amountMinor });

describe('converting amounts', () => {
  it('takes the latest rate up to the day, between whole units of each currency', () => {
    expect(rates.convert([amount('2026-03-09', 'USD', 1_000)])).toEqual([900]);
    expect(rates.convert([amount('2026-03-10', 'USD', 1_000)])).toEqual([950]);
    expect(rates.convert([amount('2026-03-05', 'JPY', 10_000)])).toEqual([6_000]);
    expect(rates.convert([amount('2020-01-01', 'EUR', 5)])).toEqual([5]);
  });

  it('guesses no rate: not before the first one, not long after the last one, not of another currency', () => {
    expect(rates.convert([amount('2026-02-28', 'USD', 1_000)])).toBeUndefined();
    expect(rates.convert([amount('2026-04-10', 'USD', 1_000)])).toEqual([950]);
    expect(rates.convert([amount('2026-04-11', 'USD', 1_000)])).toBeUndefined();
    expect(rates.convert([amount('2026-03-10', 'GBP', 1_000)])).toBeUndefined();
  });

  it('gives parts that sum to the converted sum, corrections among them', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 20 }), (amounts) => {
      const parts = rates.convert(amounts.map((amountMinor) => amount('2026-03-05', 'USD', amountMinor))) ?? [];
      const sum = amounts.reduce((total, each) => total + each, 0);
      expect(parts.reduce((total, each) => total + each, 0)).toBe(Math.round(sum * 0.9));
    }));
  });
});
