import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { Registry } from 'prom-client';
import { callPriority, type CallPriority } from './call-priority.ts';
import { RateBudgets, type BudgetGrant } from './rate-budgets.ts';
import type { ScriptRedis } from './redis-ledger.ts';
import type { AccountSettings, LimitedCall, VendorLimits } from './vendor-limits.ts';

export interface AccountHourOptions {
  readonly redis: ScriptRedis;
  readonly limits: VendorLimits;
  readonly settings: AccountSettings;
  readonly call: LimitedCall;
  /** The vendor's own count: whether it takes a call that arrives now, and how many more it would. */
  readonly vendor: { take(nowMs: number): { readonly allowed: boolean; readonly remaining: number } };
  /** The headers by which its answers tell of that. */
  readonly tells: (remaining: number) => Headers;
}

export interface HourResult {
  readonly accepted: number;
  readonly refused: number;
  readonly byPriority: Readonly<Record<CallPriority, number>>;
}

interface Caller {
  readonly budgets: RateBudgets;
  readonly priority: CallPriority;
}

type Moment = () => Promise<void> | void;

const beginMs = Date.parse('2026-11-21T12:00:00.000Z');
const hourMs = 3_600_000;
const gridMs = 50;

/** An hour of one account, moment by moment and without waiting: callers ask for budget, calls arrive at the vendor later. */
export class AccountHour {
  readonly #options: AccountHourOptions;
  readonly #agenda = new Map<number, Moment[]>();
  /** Times on the agenda, soonest last. */
  readonly #times: number[] = [];
  readonly #account = { tenantId: randomUUID(), connectionId: randomUUID() };
  readonly #byPriority = { interactive: 0, background: 0 };
  #nowMs = beginMs;
  #refused = 0;
  #chance = 1;

  constructor(options: AccountHourOptions) {
    this.#options = options;
  }

  /** Three replicas, each with six callers that a person waits for and six that can wait. */
  async run(): Promise<HourResult> {
    for (let replica = 0; replica < 3; replica += 1) {
      const budgets = new RateBudgets({ redis: this.#options.redis, metrics: new Registry(), keyPrefix: 'test:', now: () => this.#nowMs });
      for (let i = 0; i < 12; i += 1) {
        const caller: Caller = { budgets, priority: i % 2 === 0 ? 'interactive' : 'background' };
        this.#at(beginMs, () => this.#ask(caller));
      }
    }
    for (let nextMs = this.#times.pop(); nextMs !== undefined && nextMs < beginMs + hourMs; nextMs = this.#times.pop()) {
      this.#nowMs = nextMs;
      const moments = this.#agenda.get(nextMs) ?? [];
      this.#agenda.delete(nextMs);
      await Promise.all(moments.map(async (moment) => moment()));
    }
    const { interactive, background } = this.#byPriority;
    return { accepted: interactive + background, refused: this.#refused, byPriority: this.#byPriority };
  }

  async #ask(caller: Caller): Promise<void> {
    const { limits, settings, call } = this.#options;
    const acquire = () => caller.budgets.acquire({ vendor: 'hubspot', ...this.#account, limits, settings, call, patienceMs: 0 });
    try {
      const grant = await (caller.priority === 'interactive' ? callPriority.interactive(acquire) : acquire());
      this.#at(this.#nowMs + this.#between(20, 200), () => this.#arrive(caller, grant));
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      this.#at(this.#nowMs + (thrown.retryAfterMs ?? 0), () => this.#ask(caller));
    }
  }

  #arrive(caller: Caller, grant: BudgetGrant): void {
    const { allowed, remaining } = this.#options.vendor.take(this.#nowMs);
    if (allowed) this.#byPriority[caller.priority] += 1;
    else this.#refused += 1;
    this.#at(this.#nowMs + this.#between(20, 100), async () => {
      await grant.settle({ status: allowed ? 200 : 429, headers: this.#options.tells(remaining) });
      await this.#ask(caller);
    });
  }

  /** Moments lie on a grid, so that many share one and go to Redis together. */
  #at(earliestMs: number, moment: Moment): void {
    const atMs = Math.ceil(earliestMs / gridMs) * gridMs;
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
  #between(least: number, most: number): number {
    this.#chance = (this.#chance * 48_271) % 2_147_483_647;
    return least + (this.#chance % (most - least + 1));
  }
}
