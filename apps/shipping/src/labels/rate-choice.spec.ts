import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseRate, type PricedRate } from './rate-choice.ts';

const rate = (carrier: string, amountMinor: number, currency = 'USD'): PricedRate => ({ carrier, price: { amountMinor, currency } });

describe('choosing a rate', () => {
  it('takes the cheapest', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 100_000 }), { minLength: 1 }), (prices) => {
      expect(chooseRate(prices.map((price) => rate('usps', price)))?.price.amountMinor).toBe(Math.min(...prices));
    }));
  });

  it('takes the preferred carrier although others are cheaper', () => {
    expect(chooseRate([rate('usps', 500), rate('ups', 900), rate('ups', 800)], 'ups')).toEqual(rate('ups', 800));
  });

  it('takes another carrier where the preferred one offers nothing', () => {
    expect(chooseRate([rate('usps', 500)], 'ups')).toEqual(rate('usps', 500));
  });

  it('does not compare prices of different currencies', () => {
    expect(chooseRate([rate('a', 100, 'JPY'), rate('b', 900), rate('c', 700)])).toEqual(rate('c', 700));
  });

  it('has no answer where there is no rate', () => {
    expect(chooseRate([])).toBeUndefined();
  });
});
