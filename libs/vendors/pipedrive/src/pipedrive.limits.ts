import type { LimitCorrection, LimitedAnswer, LimitedCall, VendorLimits } from '@crossdock/rate-budgets';
import { pipedriveSettingsOf, type PipedriveSettings } from './pipedrive.settings.ts';

/**
 * What the library holds itself to. Persons, deals and fields are called in version 2, participants and users in
 * version 1, where there is no other.
 */
export const pipedriveLimits = {
  apiV1: '/api/v1',
  apiV2: '/api/v2',
  /** Ids in one list by ids. */
  idsPerCall: 100,
  pageSize: 500,
  /** How far back a record is looked for in the list of changes, which knows what search may not know yet. */
  recentMs: 600_000,
  /** Pages of that list that are read; beyond them search has to know. */
  recentPages: 4,
  /** A look-up that somebody waits for. */
  searchBudgetMs: 1_000,
  /** How far back changes are told again: records commit late, and clocks differ. */
  overlapMs: 120_000,
  /** What is deleted is gone for good after thirty days, and told of no more. */
  deletionsKnownMs: 30 * 86_400_000,
  timeoutMs: 20_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  burstWindowMs: 2_000,
  /** The day's budget returns at midnight of a zone that is not told. */
  quotaRetryMs: 3_600_000,
} as const;

/** Source: https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting */
const plans: Readonly<Record<PipedriveSettings['plan'], { readonly multiplier: number; readonly oauth: number; readonly api_token: number }>> = {
  lite: { multiplier: 1, oauth: 80, api_token: 20 },
  growth: { multiplier: 2, oauth: 160, api_token: 40 },
  premium: { multiplier: 5, oauth: 400, api_token: 100 },
  ultimate: { multiplier: 7, oauth: 480, api_token: 120 },
};
const baseTokens = 30_000;
const searchesPerBurst = 10;
const dayMs = 86_400_000;

/** The cost of the calls that are made here, in tokens, as the API description states it. */
const costs: ReadonlyArray<readonly [pattern: RegExp, tokens: number]> = [
  [/\/oauth\//, 0],
  [/\/search$/, 20],
  [/GET .*\/deals\/archived$/, 20],
  [/GET .*\/v1\/users\/me$/, 2],
  [/GET .*\/v1\/(?:users|recents|currencies)$/, 20],
  [/DELETE .*\/participants\/\d+$/, 6],
  [/ .*\/v1\/.*\/participants$/, 10],
  [/ .*\/v1\/webhooks$/, 10],
  [/DELETE .*\/v1\/webhooks\/\d+$/, 6],
  [/GET .*\/\d+$/, 1],
  [/GET /, 10],
  [/DELETE /, 3],
];
const writeCost = 5;

/** Daily tokens, the burst of two seconds, and the burst that search has for itself. */
export const pipedriveVendorLimits: VendorLimits = {
  limitsFor: (settings) => {
    const { plan, seats, tokenKind } = pipedriveSettingsOf({ settings });
    const { multiplier, [tokenKind]: burst } = plans[plan];
    return [
      { name: 'burst', kind: 'rolling', lengthMs: pipedriveLimits.burstWindowMs, limit: burst, costOf: (call) => (isSearch(call) || isOauth(call) ? 0 : 1) },
      { name: 'search', kind: 'rolling', lengthMs: pipedriveLimits.burstWindowMs, limit: searchesPerBurst, costOf: (call) => (isSearch(call) ? 1 : 0) },
      { name: 'daily-tokens', kind: 'fixed', lengthMs: dayMs, unit: 'tokens', limit: baseTokens * multiplier * seats, isQuota: true, costOf: tokensOf },
    ];
  },
  correctionsOf,
};

/** What a call costs in tokens of the day. */
export function tokensOf({ method, pathname }: LimitedCall): number {
  const line = `${method} ${pathname}`;
  return costs.find(([pattern]) => pattern.test(line))?.[1] ?? writeCost;
}

function correctionsOf({ call, status, headers }: LimitedAnswer): LimitCorrection[] {
  const [max, remaining] = [numberIn(headers, 'x-ratelimit-limit'), numberIn(headers, 'x-ratelimit-remaining')];
  const [dailyMax, dailyRemaining] = [numberIn(headers, 'x-daily-ratelimit-token-limit'), numberIn(headers, 'x-daily-ratelimit-token-remaining')];
  const resetSeconds = numberIn(headers, 'x-ratelimit-reset');
  const isBurst = status === 429 && dailyRemaining !== 0;
  return [
    ...(max !== undefined && remaining !== undefined
      ? [{ limit: isSearch(call) ? 'search' : 'burst', max, used: max - remaining, ...(isBurst && resetSeconds !== undefined && { pauseMs: resetSeconds * 1_000 }) }] : []),
    ...(dailyMax !== undefined && dailyRemaining !== undefined ? [{ limit: 'daily-tokens', max: dailyMax, used: dailyMax - dailyRemaining }] : []),
  ];
}

function isSearch({ pathname }: LimitedCall): boolean {
  return pathname.endsWith('/search');
}

function isOauth({ pathname }: LimitedCall): boolean {
  return pathname.includes('/oauth/');
}

function numberIn(headers: Headers, name: string): number | undefined {
  const value = headers.get(name);
  return value !== null && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
