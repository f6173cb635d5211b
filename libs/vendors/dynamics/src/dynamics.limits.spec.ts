import { describe, expect, it } from '@jest/globals';
import { dynamicsVendorLimits } from './dynamics.limits.ts';

const call = (pathname: string) => ({ operation: 'x', method: 'POST', pathname });

describe('the limits of Dynamics', () => {
  it('count calls to an environment, not those to the directory', () => {
    const limits = dynamicsVendorLimits.limitsFor({});
    expect(limits.map(({ name, limit }) => [name, limit])).toEqual([['five-minutes', 6_000], ['work-time', 1_200_000], ['concurrent', 52]]);
    expect(limits.map(({ costOf }) => [costOf?.(call('/api/data/v9.2/$batch')), costOf?.(call('/organizations/oauth2/v2.0/token'))])).toEqual([[1, 0], [500, 0], [1, 0]]);
  });

  it('are corrected by what an answer counts, and pause as long as it says', () => {
    const correct = (status: number, headers: Record<string, string>) => dynamicsVendorLimits.correctionsOf?.({ call: call('/'), status, headers: new Headers(headers) });
    expect(correct(200, { 'x-ms-ratelimit-burst-remaining-xrm-requests': '5990' })).toEqual([{ limit: 'five-minutes', used: 10 }]);
    for (const remaining of ['1195.50', '1,195.50']) {
      expect(correct(200, { 'x-ms-ratelimit-time-remaining-xrm-requests': remaining })).toEqual([{ limit: 'work-time', used: 4_500 }]);
    }
    expect(correct(429, { 'retry-after': '7' })).toEqual([{ pauseMs: 7_000 }]);
    expect(correct(200, {})).toEqual([]);
  });
});
