import type { LimitCorrection, LimitedCall, VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';

/**
 * The pinned versions and HubSpot's documented limits. Objects and properties v3 and associations v4 are what the official
 * SDK 14 calls; HubSpot supports v4 until 2027-03-30 and v3 until September 2027.
 * Source: https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
export const hubSpotLimits = {
  apiVersions: { oauth: 'v3', crm: 'v3', associations: 'v4', account: 'v3' },
  /** Records in one batch read, update, upsert or archive, and in one page of a list. */
  objectBatchSize: 100,
  /** Records in one page of a search. */
  searchPageSize: 200,
  /** Records in one read of associations. */
  associationReadSize: 1_000,
  /** Pairs in one batch of associations; HubSpot takes twice as many, smaller calls stay within the timeout. */
  associationWriteSize: 1_000,
  timeoutMs: 20_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  /** HubSpot counts calls in a window that rolls over ten seconds; a 429 of it is over by then. */
  rollingWindowMs: 10_000,
  /** Search counts by the second. */
  searchWindowMs: 1_000,
  /** A locked record (423) is free again after two seconds. */
  lockedRetryMs: 2_000,
  /** The day's quota is renewed at midnight of the account's own time zone, which is not asked for. */
  quotaRetryMs: 3_600_000,
} as const;

const isSearch = ({ pathname }: LimitedCall): boolean => pathname.endsWith('/search');

const settingsSchema = z.object({
  limits: z.object({
    /** 100, 190 or 250 by the account's tier, where the app is not one of the marketplace. */
    callsPerTenSeconds: z.int().positive().optional(),
    /** Only tokens of an account's own app have one. */
    callsPerDay: z.int().positive().optional(),
  }).default({}),
}).catch({ limits: {} });

/**
 * What HubSpot counts for an app that an account has installed by OAuth: calls in ten seconds, searches apart, and
 * searches by the second. The pages that could be read disagree on the figures (docs/vendors/hubspot.md): the hub begins
 * with the smaller one for calls, and the first answer's headers say the real one.
 */
export const hubSpotRateLimits: VendorLimits = {
  limitsFor(settings) {
    const { callsPerTenSeconds = 100, callsPerDay } = settingsSchema.parse(settings).limits;
    const costOf = (call: LimitedCall) => (isSearch(call) ? 0 : 1);
    return [
      { name: 'ten-seconds', kind: 'rolling', lengthMs: hubSpotLimits.rollingWindowMs, limit: callsPerTenSeconds, costOf },
      { name: 'search', kind: 'rolling', lengthMs: hubSpotLimits.searchWindowMs, limit: 5, costOf: (call) => (isSearch(call) ? 1 : 0) },
      // The day begins at midnight of the account's own time zone, which is not known: any 24 hours hold the quota.
      ...(callsPerDay === undefined ? [] : [{ name: 'day', kind: 'rolling', lengthMs: 86_400_000, limit: callsPerDay, isQuota: true } as const]),
    ];
  },

  correctionsOf({ call, status, headers }) {
    if (isSearch(call)) return status === 429 ? [{ limit: 'search', pauseMs: hubSpotLimits.searchWindowMs }] : [];
    return [
      ...corrected('ten-seconds', headers.get('x-hubspot-ratelimit-max'), headers.get('x-hubspot-ratelimit-remaining')),
      ...corrected('day', headers.get('x-hubspot-ratelimit-daily'), headers.get('x-hubspot-ratelimit-daily-remaining')),
    ];
  },
};

function corrected(limit: string, maxText: string | null, remainingText: string | null): LimitCorrection[] {
  const [max, remaining] = [Number(maxText ?? Number.NaN), Number(remainingText ?? Number.NaN)];
  return max >= 1 && remaining >= 0 && remaining <= max ? [{ limit, max, used: max - remaining }] : [];
}
