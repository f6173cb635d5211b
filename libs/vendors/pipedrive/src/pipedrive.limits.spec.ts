import { describe, expect, it } from '@jest/globals';
import { pipedriveVendorLimits, tokensOf } from './pipedrive.limits.ts';

const call = (method: string, pathname: string) => ({ operation: 'x', method, pathname });
const search = call('GET', '/api/v2/persons/search');

describe('the limits of Pipedrive', () => {
  it('follow from plan, seats and kind of token, and from the smallest plan where nobody said', () => {
    const limits = (settings: object) => Object.fromEntries(pipedriveVendorLimits.limitsFor({ ...settings }).map(({ name, limit }) => [name, limit]));
    expect(limits({})).toEqual({ burst: 80, search: 10, 'daily-tokens': 30_000 });
    expect(limits({ plan: 'premium', seats: 4, tokenKind: 'api_token' })).toEqual({ burst: 100, search: 10, 'daily-tokens': 600_000 });
  });

  it('count search apart, and the day by what a call costs', () => {
    const [burst, ofSearch] = pipedriveVendorLimits.limitsFor({});
    expect([burst?.costOf?.(search), ofSearch?.costOf?.(search)]).toEqual([0, 1]);
    expect([burst?.costOf?.(call('GET', '/api/v2/deals')), ofSearch?.costOf?.(call('GET', '/api/v2/deals'))]).toEqual([1, 0]);
  });

  it.each([
    ['GET', '/api/v2/persons/search', 20], ['GET', '/api/v2/deals', 10], ['GET', '/api/v2/deals/archived', 20], ['GET', '/api/v2/deals/7', 1],
    ['POST', '/api/v2/deals', 5], ['PATCH', '/api/v2/persons/7', 5], ['POST', '/api/v1/deals/7/participants', 10], ['GET', '/api/v1/deals/7/participants', 10],
    ['GET', '/api/v1/users/me', 2], ['GET', '/api/v1/users', 20], ['GET', '/api/v1/currencies', 20], ['GET', '/api/v1/recents', 20], ['DELETE', '/api/v1/deals/7/participants/3', 6],
    ['GET', '/api/v2/personFields', 10], ['DELETE', '/api/v2/organizations/7', 3], ['POST', '/oauth/token', 0],
  ])('take for %s %s what its description says', (method, pathname, tokens) => {
    expect(tokensOf(call(method, pathname))).toBe(tokens);
  });

  it('are corrected by what an answer counts, and pause after too many calls', () => {
    const headers = (values: Record<string, string>) => new Headers(values);
    const correct = (status: number, values: Record<string, string>) => pipedriveVendorLimits.correctionsOf?.({ call: search, status, headers: headers(values) });
    expect(correct(200, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '4', 'x-daily-ratelimit-token-limit': '30000', 'x-daily-ratelimit-token-remaining': '29900' }))
      .toEqual([{ limit: 'search', max: 10, used: 6 }, { limit: 'daily-tokens', max: 30_000, used: 100 }]);
    expect(correct(429, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' })).toEqual([{ limit: 'search', max: 10, used: 10, pauseMs: 2_000 }]);
    expect(correct(200, { 'x-ratelimit-limit': 'many' })).toEqual([]);
  });
});
