import type { LimitCorrection, LimitedAnswer, LimitedCall, VendorLimits } from '@crossdock/rate-budgets';

/**
 * What the library holds itself to, and the version of the interface.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export const dynamicsLimits = {
  apiPath: '/api/data/v9.2',
  /** Of Microsoft Entra's endpoints, after the directory. */
  oauthPath: '/oauth2/v2.0',
  /** Requests in one batch; Dataverse takes 1,000, smaller ones end within the time-out. */
  batchSize: 50,
  /** The most requests that Dataverse takes in one batch, and how long it may work on them. */
  partsPerBatch: 1_000,
  batchTimeoutMs: 55_000,
  /** Rows that are written in one batch, so that it ends within the time-out, and writes that go out best together: two batches side by side. */
  writesPerBatch: 500,
  writesAtOnce: 1_000,
  /** Rows in a page of changes, and in one that is only read to know the place from which changes are told. */
  changesPerPage: 1_000,
  maxPageSize: 5_000,
  /** Of contacts that were connected with a deal: told again, as their time is that of a clock. */
  overlapMs: 120_000,
  searchBudgetMs: 1_000,
  mostFound: 100,
  /** Conditions in one filter: it travels in the address, which may have 32 kB. */
  idsPerFilter: 40,
  keysPerFilter: 20,
  timeoutMs: 60_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  windowMs: 300_000,
} as const;

const requestsPerWindow = 6_000;
const concurrentRequests = 52;
/** Twenty minutes of the server's work. */
const workMsPerWindow = 1_200_000;
/** What a call is taken to need before any of its kind has ended. */
const firstWorkMs = 500;

/** The limits of one user at one web server; an environment has several servers, of which nobody can be sure. */
export const dynamicsVendorLimits: VendorLimits = {
  limitsFor: () => [
    { name: 'five-minutes', kind: 'rolling', lengthMs: dynamicsLimits.windowMs, limit: requestsPerWindow, costOf: (call) => (isToken(call) ? 0 : 1) },
    {
      name: 'work-time', kind: 'rolling', lengthMs: dynamicsLimits.windowMs, limit: workMsPerWindow, isWorkTime: true,
      costOf: (call) => (isToken(call) ? 0 : firstWorkMs),
    },
    { name: 'concurrent', kind: 'slots', limit: concurrentRequests, leaseMs: 2 * dynamicsLimits.timeoutMs, costOf: (call) => (isToken(call) ? 0 : 1) },
  ],
  correctionsOf,
};

function correctionsOf({ status, headers }: LimitedAnswer): LimitCorrection[] {
  const remaining = numberIn(headers, 'x-ms-ratelimit-burst-remaining-xrm-requests');
  const remainingWork = secondsIn(headers, 'x-ms-ratelimit-time-remaining-xrm-requests');
  const retryAfterSeconds = numberIn(headers, 'retry-after');
  return [
    ...(remaining !== undefined ? [{ limit: 'five-minutes', used: Math.max(0, requestsPerWindow - remaining) }] : []),
    ...(remainingWork !== undefined ? [{ limit: 'work-time', used: Math.max(0, Math.floor(workMsPerWindow - remainingWork * 1_000)) }] : []),
    ...(status === 429 && retryAfterSeconds !== undefined ? [{ pauseMs: retryAfterSeconds * 1_000 }] : []),
  ];
}

function isToken({ pathname }: LimitedCall): boolean {
  return pathname.includes('/oauth2/');
}

function numberIn(headers: Headers, name: string): number | undefined {
  const value = headers.get(name);
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** Seconds with a fraction, as `1,200.00` or `1200.00`. */
function secondsIn(headers: Headers, name: string): number | undefined {
  const value = headers.get(name)?.replaceAll(',', '');
  return value !== undefined && /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Number(value) : undefined;
}
