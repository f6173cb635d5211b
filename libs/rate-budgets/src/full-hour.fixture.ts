import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { Registry } from 'prom-client';
import { callPriority, type CallPriority } from './call-priority.ts';
import { RateBudgets, type BudgetGrant } from './rate-budgets.ts';
import type { ScriptRedis } from './redis-ledger.ts';
import type { VendorCount } from './vendor-counts.fixture.ts';
import type { AccountSettings, LimitedCall, VendorLimits } from './vendor-limits.ts';

/** Least and most of something that varies by chance, in ms. */
export type Span = readonly [leastMs: number, mostMs: number];

export interface AccountHourOptions {
  readonly redis: ScriptRedis;
  readonly limits: VendorLimits;
  readonly settings?: AccountSettings;
  readonly call: LimitedCall;
  readonly vendor: VendorCount;
  /** Of each replica: callers that a person waits for, and callers that can wait. */
  readonly callers?: Readonly<Record<CallPriority, number>>;
  /** From the budget's grant to the vendor's count. */
  readonly wayThereMs?: Span;
  /** From the vendor's count to the end of its work; the answer comes back 20 ms later. */
  readonly workMs?: Span;
  /** Moments lie on a grid, so that many share one and go to Redis together. */
  readonly gridMs?: number;
  readonly lengthMs?: number;
}

export interface HourResult {
  readonly accepted: number;
  readonly refused: number;
  readonly byPriority: Readonly<Record<CallPriority, number>>;
  /** From grant to answer, or to the end, over all calls. */
  readonly heldMs: number;
  readonly workMs: number;
}

interface Caller {
  readonly budgets: RateBudgets;
  readonly priority: CallPriority;
}

type Moment = () => Promise<void> | void;

const beginMs = Date.parse('2026-11-21T12:00:00.000Z');
const wayBackMs = 20;
const replicas = 3;
/** Simulated time stands still while Redis answers, however busy the machine is: nobody counts alone. */
const redisPatienceMs = 60_000;

/** An hour of one account, moment by moment and without waiting: callers ask for budget, calls arrive at the vendor later. */
export class AccountHour {
  readonly #options: Required<AccountHourOptions>;
  readonly #agenda = new Map<number, Moment[]>();
  /** Times on the agenda, soonest last. */
  readonly #times: number[] = [];
  readonly #account = { tenantId: randomUUID(), connectionId: randomUUID() };
  readonly #byPriority = { interactive: 0, background: 0 };
  /** Of each call under way, when it was granted. */
  readonly #underWay = new Map<BudgetGrant, number>();
  #nowMs = beginMs;
  #refused = 0;
  #heldMs = 0;
  #workMs = 0;
  #chance = 1;

  constructor(options: AccountHourOptions) {
    this.#options = { settings: {}, callers: { interactive: 1, background: 1 }, wayThereMs: [20, 200], workMs: [0, 80], gridMs: 50, lengthMs: 3_600_000, ...options };
  }

  /** Three replicas, each with callers that a person waits for and callers that can wait. */
  async run(): Promise<HourResult> {
    const { redis, callers, lengthMs } = this.#options;
    for (let replica = 0; replica < replicas; replica += 1) {
      const budgets = new RateBudgets({ redis, metrics: new Registry(), keyPrefix: 'test:', redisPatienceMs, now: () => this.#nowMs });
      for (const priority of ['interactive', 'background'] as const) {
        for (let i = 0; i < callers[priority]; i += 1) this.#at(beginMs, () => this.#ask({ budgets, priority }));
      }
    }
    for (let nextMs = this.#times.pop(); nextMs !== undefined && nextMs < beginMs + lengthMs; nextMs = this.#times.pop()) {
      this.#nowMs = nextMs;
      const moments = this.#agenda.get(nextMs) ?? [];
      this.#agenda.delete(nextMs);
      await Promise.all(moments.map(async (moment) => moment()));
    }
    for (const grantedAtMs of this.#underWay.values()) this.#heldMs += beginMs + lengthMs - grantedAtMs;
    const { interactive, background } = this.#byPriority;
    return {
      accepted: interactive + background, refused: this.#refused, byPriority: this.#byPriority,
      heldMs: this.#heldMs, workMs: this.#workMs,
    };
  }

  async #ask(caller: Caller): Promise<void> {
    const { limits, settings, call, wayThereMs } = this.#options;
    const acquire = () => caller.budgets.acquire({ vendor: 'hubspot', ...this.#account, limits, settings, call, patienceMs: 0 });
    try {
      const grant = await (caller.priority === 'interactive' ? callPriority.interactive(acquire) : acquire());
      const grantedAtMs = this.#nowMs;
      this.#underWay.set(grant, grantedAtMs);
      this.#at(this.#nowMs + this.#between(wayThereMs), () => this.#arrive(caller, grant, grantedAtMs));
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      this.#at(this.#nowMs + (thrown.retryAfterMs ?? 0), () => this.#ask(caller));
    }
  }

  #arrive(caller: Caller, grant: BudgetGrant, grantedAtMs: number): void {
    const { vendor } = this.#options;
    const { allowed, tells } = vendor.arrive(this.#nowMs);
    if (allowed) this.#byPriority[caller.priority] += 1;
    else this.#refused += 1;
    const workMs = allowed ? this.#between(this.#options.workMs) : 0;
    this.#at(this.#nowMs + workMs, () => {
      if (allowed) vendor.leave?.(this.#nowMs, workMs);
      this.#workMs += workMs;
      this.#at(this.#nowMs + wayBackMs, async () => {
        this.#underWay.delete(grant);
        this.#heldMs += this.#nowMs - grantedAtMs;
        await grant.settle({ status: allowed ? 200 : 429, headers: new Headers(tells) });
        await this.#ask(caller);
      });
    });
  }

  #at(earliestMs: number, moment: Moment): void {
    const { gridMs } = this.#options;
    const atMs = Math.max(Math.ceil(earliestMs / gridMs) * gridMs, this.#nowMs === earliestMs ? earliestMs : 0);
    const moments = this.#agenda.get(atMs);
    if (moments) {
      moments.push(moment);
      return;
    }
    this.#agenda.set(atMs, [moment]);
    const place = this.#times.findIndex((time) => time < atMs);
    this.#times.splice(place === -1 ? this.#times.length : place, 0, atMs);
  }

  /** Chance that is the same in each run (a linear congruential generator, modulus 2³¹ − 1). */
  #between([leastMs, mostMs]: Span): number {
    this.#chance = (this.#chance * 48_271) % 2_147_483_647;
    return leastMs + (this.#chance % (mostMs - leastMs + 1));
  }
}
