import { describe, expect, it } from '@jest/globals';
import { priceFault } from './price-limit.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const rule = { limits: [usd(1_000), { amountMinor: 10, currency: 'EUR' }], renewedRateRisePercent: 10 };

describe('the price of a label', () => {
  it('is taken up to the lowest limit in its currency', () => {
    expect(priceFault(usd(1_000), rule)).toBeUndefined();
    expect(priceFault(usd(1_001), rule)).toBe('The cheapest rate is 10.01 USD, and the limit is 10.00 USD. Raise the limit or choose another carrier.');
    expect(priceFault(usd(900), { ...rule, limits: [...rule.limits, usd(800)] })).toContain('8.00 USD');
    expect(priceFault({ amountMinor: 5, currency: 'CHF' }, rule)).toContain('limits are set in USD, EUR only');
    expect(priceFault({ amountMinor: 5_000, currency: 'CHF' }, { limits: [], renewedRateRisePercent: 10 })).toBeUndefined();
  });

  it('may rise as far as the tenant says where the first rate ran out', () => {
    expect(priceFault(usd(880), { ...rule, firstPrice: usd(800) })).toBeUndefined();
    expect(priceFault(usd(881), { ...rule, firstPrice: usd(800) })).toContain('more than 10 % above it');
    expect(priceFault(usd(700), { ...rule, firstPrice: { amountMinor: 700, currency: 'CHF' } })).toContain('CHF');
  });

  it.each([-1, 10_000_001])('of %p minor units cannot be right', (amountMinor) => {
    expect(priceFault(usd(amountMinor), { limits: [], renewedRateRisePercent: 0 })).toContain('cannot be right');
  });
});
