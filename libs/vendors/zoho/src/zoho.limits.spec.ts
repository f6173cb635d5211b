import type { VendorLimit } from '@crossdock/rate-budgets';
import { describe, expect, it } from '@jest/globals';
import { zohoVendorLimits } from './zoho.limits.ts';

const limit = (settings: Record<string, unknown>, name: string): VendorLimit | undefined => zohoVendorLimits.limitsFor(settings).find((known) => known.name === name);
const call = (pathname: string, method = 'POST') => ({ operation: 'any', method, pathname });

describe('the limits of a Zoho organisation', () => {
  it.each([
    [{ edition: 'free', users: 3 }, 5_000, 5],
    [{ edition: 'standard', users: 10 }, 52_500, 10],
    [{ edition: 'standard', users: 1_000 }, 100_000, 10],
    [{ edition: 'professional', users: 10 }, 55_000, 15],
    [{ edition: 'enterprise', users: 100 }, 150_000, 20],
    [{ edition: 'ultimate', users: 100 }, 250_000, 25],
    [{}, 50_250, 10],
    [{ edition: 'something new', users: 'many' }, 50_250, 10],
  ])('follow from edition and users: %j', (settings, credits, concurrency) => {
    expect(limit(settings, 'credits')).toMatchObject({ kind: 'rolling', lengthMs: 86_400_000, limit: credits, isQuota: true });
    expect(limit(settings, 'concurrency')).toMatchObject({ kind: 'slots', limit: concurrency });
  });

  it('count an upsert as ten credits and a token as none, and let queries and upserts share ten slots', () => {
    const [credits, slots] = ['credits', 'sub-concurrency'].map((name) => limit({}, name)?.costOf);
    expect([credits?.(call('/crm/v8/Deals/upsert')), credits?.(call('/crm/v8/org', 'GET')), credits?.(call('/oauth/v2/token'))]).toEqual([10, 1, 0]);
    expect([slots?.(call('/crm/v8/coql')), slots?.(call('/crm/v8/Contacts/upsert')), slots?.(call('/crm/v8/org', 'GET'))]).toEqual([1, 1, 0]);
  });

  it('count every write of records and every page of changes for the most that it may hold', () => {
    const [credits, slots] = ['credits', 'sub-concurrency'].map((name) => limit({}, name)?.costOf);
    expect([credits?.(call('/crm/v8/Contacts', 'PUT')), credits?.({ ...call('/crm/v8/coql'), operation: 'changes.query' }), credits?.(call('/crm/v8/coql'))]).toEqual([10, 3, 1]);
    expect([slots?.(call('/crm/v8/Accounts', 'DELETE')), slots?.(call('/crm/v8/Contacts', 'GET')), slots?.(call('/crm/v8/Deals/1/Contact_Roles', 'PUT'))]).toEqual([1, 0, 0]);
  });

  it('are corrected by a pause after too many calls', () => {
    const corrections = (status: number, headers: Record<string, string> = {}) => zohoVendorLimits.correctionsOf?.({ call: call('/crm/v8/org'), status, headers: new Headers(headers) });
    expect(corrections(200)).toEqual([]);
    expect(corrections(429)).toEqual([{ pauseMs: 30_000 }]);
    expect(corrections(429, { 'retry-after': '5' })).toEqual([{ pauseMs: 5_000 }]);
  });
});
