import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type CalledParty } from '@crossdock/contracts';
import type { Registry } from 'prom-client';
import { v7 as uuid } from 'uuid';
import type { BudgetAnswer, BudgetRequest } from './budget-ledger.ts';
import { BudgetMetrics } from './budget-metrics.ts';
import { callPriority, type CallPriority } from './call-priority.ts';
import { chargesOf, windowsOf, type LimitCharge } from './limit-charge.ts';
import { usageOf, type LimitUsage } from './limit-usage.ts';
import { LocalLedger } from './local-ledger.ts';
import { RedisLedger, type ScriptRedis } from './redis-ledger.ts';
import { RedisPresence } from './redis-presence.ts';
import { retryAfterMs } from './retry-after.ts';
import type { AccountSettings, LimitCorrection, LimitedCall, VendorLimits } from './vendor-limits.ts';
import { WorkTimes } from './work-times.ts';

export interface RateBudgetsOptions {
  readonly redis: ScriptRedis;
  readonly metrics: Registry;
  /** Put before every key, so that several installations share a Redis. */
  readonly keyPrefix?: string;
  /** The part of each limit that background work leaves to interactive calls, 0 to 1. Default 0.1. */
  readonly interactiveShare?: number;
  /** While Redis is away each process keeps to its limit divided by this. Default 4. */
  readonly assumedReplicas?: number;
  /** How long an answer of Redis is waited for before this process counts alone, in ms. Default 300. */
  readonly redisPatienceMs?: number;
  /** The clock for all counting, that of Redis included; for tests. */
  readonly now?: () => number;
  /** Waits for budget; for tests. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** An account whose calls are counted, and what limits it has. */
export interface BudgetedAccount {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly limits: VendorLimits;
  readonly settings: AccountSettings;
}

/** A call that asks for its budget. */
export interface BudgetedCall extends BudgetedAccount {
  readonly vendor: CalledParty;
  readonly call: LimitedCall;
  /** The longest that the call may wait for budget; background calls wait a second at most. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
}

/** A call that may go out. */
export interface BudgetGrant {
  /** To be told once, when the call has ended however it did: gives slots back and takes over what the answer says. */
  settle(answer?: { readonly status: number; readonly headers: Headers }): Promise<void>;
}

/** Longer waits are the task queue's: a task that rests there holds no worker. */
const backgroundPatienceMs = 1_000;
const noLimits: BudgetGrant = { settle: async () => undefined };

/**
 * Counts each call against all of its vendor's limits before it goes out, per tenant and connection, over all replicas.
 * While Redis is away each process counts alone, within a share of the limits, and tells Redis afterwards.
 */
export class RateBudgets {
  readonly #redis: RedisLedger;
  readonly #local: LocalLedger;
  readonly #workTimes = new WorkTimes();
  readonly #now: () => number;
  readonly #wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly #interactiveShare: number;
  readonly #assumedReplicas: number;
  readonly #metrics: BudgetMetrics;
  readonly #presence: RedisPresence;

  constructor({ redis, metrics, keyPrefix = 'crossdock:', interactiveShare = 0.1, assumedReplicas = 4, redisPatienceMs, now, wait }: RateBudgetsOptions) {
    this.#redis = new RedisLedger(redis, keyPrefix, { now, patienceMs: redisPatienceMs });
    this.#now = now ?? Date.now;
    this.#presence = new RedisPresence(() => this.#redis.probe(), this.#now);
    this.#local = new LocalLedger(this.#now);
    this.#wait = wait ?? ((ms, signal) => sleep(ms, undefined, { signal }));
    this.#interactiveShare = interactiveShare;
    this.#assumedReplicas = assumedReplicas;
    this.#metrics = new BudgetMetrics(metrics, this.#now);
  }

  /**
   * Takes the budget of one call, waiting for it where the wait is short enough.
   * @throws Failure `rate_limited` or, for a quota, `quota_exhausted`, with the time until there is budget again;
   * `transient` where the signal ended the wait.
   */
  async acquire(call: BudgetedCall): Promise<BudgetGrant> {
    const account = nameOf(call);
    const charges = chargesOf(call.limits, call.settings, call.call).map((charge) => this.#workTimes.expectedOf(kindOf(account, call), charge));
    if (charges.length === 0) return noLimits;
    const priority = callPriority.current();
    const request: BudgetRequest = {
      account, callId: uuid(), priority, charges, reservedShare: this.#interactiveShare,
    };
    const answer = await this.#takeWithin(request, call, priority);
    const grantedAtMs = this.#now();
    return { settle: (told) => this.#settle(call, request, { ...answer, tookMs: () => this.#now() - grantedAtMs }, told) };
  }

  /**
   * What is used of each limit of an account, by calls of all replicas and services, in the order in which its vendor has them.
   * @returns undefined while Redis is away: what this process counts alone says nothing of the others.
   */
  async usage(account: BudgetedAccount): Promise<LimitUsage[] | undefined> {
    if (!(await this.#presence.isThere())) return undefined;
    const windows = windowsOf(account.limits, account.settings);
    try {
      const states = await this.#redis.read(nameOf(account), windows);
      return windows.flatMap((one, index) => { const state = states[index]; return state ? [usageOf(one, state)] : []; });
    } catch {
      this.#presence.failed();
      return undefined;
    }
  }

  async #takeWithin(request: BudgetRequest, call: BudgetedCall, priority: CallPriority): Promise<GrantedAnswer> {
    const patienceMs = priority === 'interactive' ? call.patienceMs : Math.min(call.patienceMs, backgroundPatienceMs);
    const givesUpAtMs = this.#now() + patienceMs;
    for (let hasWaited = false; ; hasWaited = true) {
      const answer = await this.#take(request);
      if (answer.granted) {
        this.#metrics.granted(call.vendor, hasWaited, request.charges, answer.counts);
        return answer;
      }
      this.#metrics.throttled(call.vendor, answer.blocking);
      if (this.#now() + answer.waitMs > givesUpAtMs) {
        this.#metrics.deferred(call.vendor);
        throw usedUp(call, answer.blocking, answer.waitMs);
      }
      await this.#waitFor(answer.waitMs, call);
    }
  }

  async #take(request: BudgetRequest): Promise<BudgetAnswer> {
    if (!(await this.#presence.isThere())) return this.#takeAlone(request);
    const unreported = this.#local.handOver(request.account, request.charges);
    try {
      return await this.#redis.take(request, unreported);
    } catch {
      this.#presence.failed();
      this.#local.restore(request.account, request.charges, unreported);
      return this.#takeAlone(request);
    }
  }

  #takeAlone(request: BudgetRequest): BudgetAnswer {
    this.#metrics.countedAlone();
    return this.#local.take({ ...request, charges: request.charges.map((charge) => this.#shareOf(charge)) });
  }

  #shareOf(charge: LimitCharge): LimitCharge {
    return { ...charge, limit: Math.max(1, Math.floor(charge.limit / this.#assumedReplicas)) };
  }

  async #settle(call: BudgetedCall, request: BudgetRequest, granted: GrantedCall, told?: { status: number; headers: Headers }): Promise<void> {
    const { account, callId, priority, charges } = request;
    const corrections = told ? this.#correctionsOf(call, told) : [];
    const news = corrections.filter((correction) => isNews(correction, charges, granted));
    const differences = this.#differencesOf(call, request, granted.tookMs());
    if (news.length === 0 && !charges.some(({ kind }) => kind === 'slots') && differences.every((difference) => difference === 0)) return;
    const settlement = { account, callId, priority, charges, corrections: news, differences };
    const isAlone = this.#presence.isResting;
    this.#local.settle({ ...settlement, differences: isAlone ? differences : [] });
    if (isAlone) return;
    await this.#redis.settle(settlement).catch(() => {
      this.#presence.failed();
      this.#local.settle({ ...settlement, corrections: [] });
    });
  }

  #differencesOf(call: BudgetedCall, { account, charges }: BudgetRequest, tookMs: number): number[] {
    if (charges.some(({ isWorkTime }) => isWorkTime)) this.#workTimes.took(kindOf(account, call), tookMs);
    return charges.map(({ isWorkTime, cost }) => (isWorkTime ? Math.ceil(tookMs) - cost : 0));
  }

  /** `Retry-After` is HTTP's own, so that no vendor has to tell of it. */
  #correctionsOf({ limits, call }: BudgetedCall, told: { status: number; headers: Headers }): LimitCorrection[] {
    const pauseMs = told.status === 429 || told.status === 503 ? retryAfterMs(told.headers, this.#now()) : undefined;
    return [...limits.correctionsOf?.({ call, ...told }) ?? [], ...(pauseMs ? [{ pauseMs }] : [])];
  }

  async #waitFor(ms: number, { vendor, signal }: BudgetedCall): Promise<void> {
    try {
      await this.#wait(ms, signal);
    } catch (thrown) {
      throw new Failure('transient', `The call to ${vendor} was cancelled while it waited for its budget; nothing was sent.`, { cause: thrown });
    }
  }
}

type GrantedAnswer = Extract<BudgetAnswer, { granted: true }>;

interface GrantedCall extends GrantedAnswer {
  readonly tookMs: () => number;
}

function nameOf({ tenantId, connectionId }: BudgetedAccount): string {
  return `${tenantId}/${connectionId}`;
}

function kindOf(account: string, { call }: BudgetedCall): string {
  return `${account}/${call.operation}`;
}

/** Most answers tell what is known already; those cost no second round trip. */
function isNews({ limit, used = 0, max, pauseMs = 0 }: LimitCorrection, charges: readonly LimitCharge[], { counts }: GrantedAnswer): boolean {
  if (pauseMs > 0) return true;
  const count = counts[charges.findIndex(({ name }) => name === limit)];
  return count !== undefined && (used > count.used || (max !== undefined && max !== count.max));
}

function usedUp({ vendor, connectionId }: BudgetedCall, blocking: LimitCharge | undefined, retryAfterMs: number): Failure {
  const what = blocking ? `The budget "${blocking.name}"` : 'The budget';
  return new Failure(
    blocking?.isQuota ? 'quota_exhausted' : 'rate_limited',
    `${what} of ${vendor} connection ${connectionId} is used up; there is more in ${Math.ceil(retryAfterMs / 1_000)} s.`,
    { retryAfterMs },
  );
}
