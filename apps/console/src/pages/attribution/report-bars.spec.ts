import { describe, expect, it } from '@jest/globals';
import { barCharts } from './report-bars.ts';
import type { ReportRow } from './report-queries.ts';

const row = (key: string | null, amounts: Readonly<Record<string, number>>, converted?: number): ReportRow => ({
  key, touches: 1, cost: [],
  credits: [{
    model: 'linear', conversions: 1, revenue: Object.entries(amounts).map(([currency, amountMinor]) => ({ amountMinor, currency })),
    ...(converted !== undefined && { converted: { amountMinor: converted, currency: 'EUR' } }),
  }],
});

describe('the bars of a report', () => {
  it('are as long as their part of the longest, the largest first', () => {
    const [chart] = barCharts([row('mail', { EUR: 50 }), row('fair', { EUR: 200 }), row('press', {})], false);
    expect(chart).toEqual({
      currency: 'EUR', leftOut: 0,
      groups: [{ key: 'fair', bars: [{ model: 'linear', amountMinor: 200, share: 1 }] }, { key: 'mail', bars: [{ model: 'linear', amountMinor: 50, share: 0.25 }] }],
    });
  });

  it('compare amounts of one currency alone, unless all are converted', () => {
    expect(barCharts([row('mail', { EUR: 50, USD: 70 })], false).map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    expect(barCharts([row('mail', { EUR: 50, USD: 70 }, 110), row('fair', {})], false)).toMatchObject([{ currency: 'EUR', groups: [{ bars: [{ amountMinor: 110 }] }] }]);
    expect(barCharts([row('mail', { EUR: 50 }, 50), row('fair', { USD: 70 })], false).map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
  });

  it('leave out the smallest of many, and keep the latest of many months in order', () => {
    const many = Array.from({ length: 15 }, (_, index) => row(`2026-${index}`, { EUR: 100 - index }));
    expect(barCharts(many, true)[0]).toMatchObject({ leftOut: 3, groups: { 0: { key: '2026-3' }, 11: { key: '2026-14' } } });
    expect(barCharts(many, false)[0]?.groups.at(-1)?.key).toBe('2026-11');
    expect(barCharts([], false)).toEqual([]);
  });
});
