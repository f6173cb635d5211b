import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { callPriority } from './call-priority.ts';
import type { LimitUsage } from './limit-usage.ts';
import { RateBudgets, type BudgetGrant, type RateBudgetsOptions } from './rate-budgets.ts';
import type { ScriptRedis } from './redis-ledger.ts';
import type { LimitedCall, VendorLimits } from './vendor-limits.ts';

/** A Redis that does not answer. */
export const absentRedis: ScriptRedis = {
  evalsha: async () => { throw new Error('connect ECONNREFUSED'); },
  eval: async () => { throw new Error('connect ECONNREFUSED'); },
};

export const aRead: LimitedCall = { operation: 'contacts.get', method: 'GET', pathname: '/crm/v3/objects/contacts/1' };

/** Time stands still while Redis answers, however busy the machine is: nobody counts alone. */
const redisPatienceMs = 60_000;

/** One account and as many replicas as are asked for, all with one clock. */
export class BudgetFixture {
  nowMs = Date.parse('2026-11-21T12:00:00.000Z');
  readonly tenantId = randomUUID();
  readonly connectionId = randomUUID();
  readonly #limits: VendorLimits;
  readonly #redis: ScriptRedis;

  constructor(limits: VendorLimits, redis: ScriptRedis) {
    this.#limits = limits;
    this.#redis = redis;
  }

  /** A process that shares the account with the others. Its waits end at once and move the clock. */
  replica(options: Partial<RateBudgetsOptions> = {}): Replica {
    const budgets = new RateBudgets({
      redis: this.#redis, metrics: new Registry(), keyPrefix: 'test:', redisPatienceMs, now: () => this.nowMs,
      wait: async (ms) => { this.nowMs += ms; },
      ...options,
    });
    const account = { tenantId: this.tenantId, connectionId: this.connectionId, limits: this.#limits, settings: {} };
    const acquire = (call: LimitedCall, patienceMs: number) => budgets.acquire({ vendor: 'hubspot', ...account, call, patienceMs });
    return {
      background: (call = aRead, patienceMs = 0) => acquire(call, patienceMs),
      interactive: (call = aRead, patienceMs = 0) => callPriority.interactive(() => acquire(call, patienceMs)),
      usage: () => budgets.usage(account),
    };
  }
}

export interface Replica {
  background(call?: LimitedCall, patienceMs?: number): Promise<BudgetGrant>;
  interactive(call?: LimitedCall, patienceMs?: number): Promise<BudgetGrant>;
  usage(): Promise<LimitUsage[] | undefined>;
}

/** How many of so many calls made one after the other get their budget. */
export async function grantedOf(times: number, acquire: () => Promise<unknown>): Promise<number> {
  let granted = 0;
  for (let i = 0; i < times; i += 1) granted += await acquire().then(() => 1, () => 0);
  return granted;
}
