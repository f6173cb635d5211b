import type { VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';

/**
 * Salesforce's documented limits and the version of its interface that is called; versions live for three years.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta
 */
export const salesforceLimits = {
  apiVersion: '67.0',
  /** Records in one call of the collections resource. */
  collectionSize: 200,
  /** Queries and collections in one composite call. */
  queriesPerComposite: 5,
  /** Ids of 18 characters, and keys of up to 255, in one query inside a composite call; a query may have 100,000 characters. */
  idsPerSubquery: 400,
  valuesPerSubquery: 200,
  /** Records in one page of changes: as many as Salesforce gives at once. */
  changesPerPage: 2_000,
  /** What commits late is told within this time: an import's trigger may run for minutes. */
  changesOverlapMs: 120_000,
  /** Deleted records are to be seen for as long as they lie in the recycle bin, fifteen days; the rest is for clocks that differ. */
  changesRememberedMs: 14 * 86_400_000,
  /** Kinds of more records than this are read whole by a job in the background. */
  bulkReadsFrom: 50_000,
  /** Values in one part of a job's results: some megabytes. */
  bulkValuesPerPage: 80_000,
  mostBulkRows: 10_000,
  /** From so many writes on an ingest job takes fewer calls than collections; one takes 100 MB, of which this many records are a part. */
  bulkWritesFrom: 5_000,
  mostBulkWrites: 20_000,
  /** Records in one part of an ingest job's results: some megabytes. */
  ingestResultsPerCall: 2_500,
  bulkFirstPauseMs: 500,
  bulkLongestPauseMs: 10_000,
  bulkWaitMs: 30_000,
  /** A look-up that somebody waits for. */
  searchTimeoutMs: 1_000,
  mostFound: 100,
  timeoutMs: 30_000,
  /** Whoever listens is answered after 110 seconds at the latest, events or none. */
  streamTimeoutMs: 125_000,
  /** A client that does not come back within 40 seconds is forgotten. */
  longestStreamPauseMs: 30_000,
  /** Other programs listen with the organisation's clients as well; one of theirs may end. */
  streamBusyRetryMs: 600_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  /** The limit of calls counts over 24 hours that roll; asking once an hour costs little of what comes free. */
  quotaRetryMs: 3_600_000,
} as const;

const settingsSchema = z.object({
  limits: z.object({
    /** The organisation's calls in 24 hours, `DailyApiRequests.Max` of its limits. */
    callsPerDay: z.int().positive().optional(),
    /** 5 in a developer or trial organisation. */
    longCallsAtOnce: z.int().positive().optional(),
  }).default({}),
}).catch({ limits: {} });

/**
 * What Salesforce counts: calls of the whole organisation, other integrations included, in 24 hours that roll, and calls
 * of 20 s and more under way at once. Nobody knows beforehand which call will take so long, so that each counts. What
 * is not known starts at the smallest organisation's 15,000; the first answer says the real figure.
 * Source: the page above, "API Request Limits and Allocations".
 */
export const salesforceRateLimits: VendorLimits = {
  limitsFor(settings) {
    const { callsPerDay = 15_000, longCallsAtOnce = 25 } = settingsSchema.parse(settings).limits;
    return [
      { name: 'day', kind: 'rolling', lengthMs: 86_400_000, limit: callsPerDay, isQuota: true },
      { name: 'at-once', kind: 'slots', limit: longCallsAtOnce, leaseMs: salesforceLimits.timeoutMs + 5_000 },
    ];
  },

  /** `Sforce-Limit-Info: api-usage=18/15000` */
  correctionsOf({ headers }) {
    const [, used, max] = /\bapi-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '') ?? [];
    return used === undefined || max === undefined ? [] : [{ limit: 'day', used: Number(used), max: Number(max) }];
  },
};
