import { retryAfterMs, type LimitedCall, type VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';

/**
 * Zoho's documented limits, and what the hub makes of them.
 * Sources: https://www.zoho.com/crm/developer/docs/api/v8/api-limits.html,
 * https://help.zoho.com/portal/en/community/topic/credit-calculation-and-concurrency-in-zoho-crm-apis
 */
export const zohoLimits = {
  apiVersion: 'v8',
  /** Of the accounts servers. */
  oauthPath: '/oauth/v2',
  /** Records in one insert, update or upsert. */
  recordBatchSize: 100,
  /** Values of one `in` of a query, columns of its `select`, and records it may answer. */
  valuesPerQuery: 50,
  columnsPerQuery: 50,
  rowsPerQuery: 2_000,
  /** Deals in one page of changes: whom each is about takes a call a deal. */
  dealsPerPage: 100,
  /** A look-up that somebody waits for. */
  searchBudgetMs: 1_000,
  /** How far back changes are told again: records commit late, and clocks differ. */
  overlapMs: 120_000,
  /** Records rest in the recycle bin for sixty days; what was deleted earlier may not be listed any more. */
  deletionsKnownMs: 60 * 86_400_000,
  /** Pages of deleted records that are read to find out whether a record that is missing was deleted. */
  deletedPages: 10,
  timeoutMs: 20_000,
  /** Modules of more records than this are read whole by a job in the background. */
  bulkReadsFrom: 50_000,
  /** A bulk write costs 500 credits, as much as 5,000 records by upsert, and takes 25,000. */
  bulkWriteCredits: 500,
  bulkWritesFrom: 6_000,
  mostBulkWrites: 25_000,
  /** A job's file: 200,000 records, compressed. */
  mostDownloadBytes: 128 * 1024 * 1024,
  downloadTimeoutMs: 120_000,
  bulkFirstPauseMs: 1_000,
  bulkLongestPauseMs: 10_000,
  bulkWaitMs: 30_000,
  /** Files of jobs that a process keeps open at once. */
  mostOpenFiles: 4,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  /** Zoho says of a 429 neither which limit it was nor how long to wait; too many calls at once are over soon. */
  tooManyRequestsRetryMs: 30_000,
  /** Ten access tokens of one refresh token in ten minutes; refused until they have passed. */
  tooManyTokensRetryMs: 600_000,
  /** A channel lives for a week at most; renewed daily it outlives five failed renewals. */
  channelLifetimeMs: 6 * 86_400_000,
  /** Related lists that are read at once. */
  relatedListsAtOnce: 5,
  /** How long the stages of an organisation are remembered. */
  stagesMemoryMs: 600_000,
  /** How long it is remembered which fields a module has, before records are written to them. */
  fieldsMemoryMs: 60_000,
} as const;

/** The label of queries that ask for as many records as one may. */
export const changesOperation = 'changes.query';

const dayMs = 86_400_000;

const accountSchema = z.object({
  edition: z.enum(['free', 'standard', 'professional', 'enterprise', 'ultimate']).catch('standard'),
  users: z.int().positive().catch(1),
});

interface EditionLimits {
  readonly creditsPerUser: number;
  readonly maxCredits: number;
  readonly concurrency: number;
}

/** Sources differ in the maxima; the lower figures are taken. */
const editions: Readonly<Record<z.infer<typeof accountSchema>['edition'], EditionLimits>> = {
  free: { creditsPerUser: 0, maxCredits: 5_000, concurrency: 5 },
  standard: { creditsPerUser: 250, maxCredits: 100_000, concurrency: 10 },
  professional: { creditsPerUser: 500, maxCredits: 1_000_000, concurrency: 15 },
  enterprise: { creditsPerUser: 1_000, maxCredits: 2_000_000, concurrency: 20 },
  ultimate: { creditsPerUser: 2_000, maxCredits: Number.MAX_SAFE_INTEGER, concurrency: 25 },
};
const baseCredits = 50_000;

/** Credits in any 24 hours and calls at once, by edition and users; queries share ten slots of their own. */
export const zohoVendorLimits: VendorLimits = {
  limitsFor: (settings) => {
    const { edition, users } = accountSchema.parse(settings);
    const { creditsPerUser, maxCredits, concurrency } = editions[edition];
    const credits = edition === 'free' ? maxCredits : Math.min(maxCredits, baseCredits + users * creditsPerUser);
    const leaseMs = 2 * zohoLimits.timeoutMs;
    return [
      { kind: 'rolling', name: 'credits', lengthMs: dayMs, unit: 'credits', limit: credits, isQuota: true, costOf: creditsOf },
      { kind: 'slots', name: 'concurrency', limit: concurrency, leaseMs, costOf: (call) => (isToken(call) ? 0 : 1) },
      { kind: 'slots', name: 'sub-concurrency', limit: 10, leaseMs, costOf: (call) => (isHeavy(call) ? 1 : 0) },
    ];
  },
  correctionsOf: ({ status, headers }) =>
    (status === 429 ? [{ pauseMs: retryAfterMs(headers) ?? zohoLimits.tooManyRequestsRetryMs }] : []),
};

const isToken = ({ pathname }: LimitedCall): boolean => pathname.includes('/oauth/');
const isWrite = ({ method, pathname }: LimitedCall): boolean => method !== 'GET' && /\/(?:Contacts|Accounts|Deals)(?:\/upsert)?$/.test(pathname);
const isHeavy = (call: LimitedCall): boolean => call.pathname.endsWith('/coql') || isWrite(call);

/** How many records a call has is not known here: a full batch is counted, ten credits for writes, three for a page of changes. */
function creditsOf(call: LimitedCall): number {
  if (isToken(call)) return 0;
  if (call.operation === changesOperation) return 3;
  if (call.method === 'POST' && /\/crm\/bulk\/v\d+\/write$/.test(call.pathname)) return zohoLimits.bulkWriteCredits;
  return isWrite(call) ? zohoLimits.recordBatchSize / 10 : 1;
}
