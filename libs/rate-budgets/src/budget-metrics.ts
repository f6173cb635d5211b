import type { CalledParty } from '@crossdock/contracts';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LimitCount } from './budget-ledger.ts';
import type { LimitCharge } from './limit-charge.ts';

/** For so long at least a use is told: a scrape a minute misses none. */
const windowMs = 60_000;

/** What calls to vendors get of their budgets, and how much of them is used. Accounts are not told apart: the one that is nearest to its limit counts. */
export class BudgetMetrics {
  readonly #answers: Counter<'vendor' | 'answer'>;
  readonly #throttled: Counter<'vendor' | 'window'>;
  readonly #withoutRedis: Counter;
  readonly #now: () => number;
  #windowNumber = 0;
  /** By vendor and limit, the largest part that was used within this window and the one before. */
  #current = new Map<string, UsedLimit>();
  #before = new Map<string, UsedLimit>();

  constructor(registry: Registry, now: () => number) {
    this.#now = now;
    const registers = [registry];
    this.#answers = new Counter({
      name: 'crossdock_vendor_budget_total', help: 'Vendor calls that asked for budget: granted at once, granted when they had waited, or deferred.', labelNames: ['vendor', 'answer'], registers,
    });
    this.#throttled = new Counter({
      name: 'crossdock_vendor_throttled_total', help: 'How often a vendor call waited or was deferred, by the limit (`window`) that was used up; `pause` where the vendor asked for one.',
      labelNames: ['vendor', 'window'], registers,
    });
    this.#withoutRedis = new Counter({
      name: 'crossdock_vendor_budget_local_total', help: 'Vendor calls counted by this process alone because Redis was away.', registers,
    });
    const largest = (): UsedLimit[] => this.#largest();
    new Gauge({
      name: 'crossdock_vendor_budget_used_ratio', help: 'Part of a limit (`window`) that was used by the account nearest to it, the largest of the last one to two minutes, of calls by this process.',
      labelNames: ['vendor', 'window'], registers,
      collect() {
        this.reset();
        for (const { vendor, window, ratio } of largest()) this.set({ vendor, window }, ratio);
      },
    });
  }

  granted(vendor: CalledParty, hasWaited: boolean, charges: readonly LimitCharge[], counts: readonly LimitCount[]): void {
    this.#answers.inc({ vendor, answer: hasWaited ? 'waited' : 'granted' });
    for (const [index, { name }] of charges.entries()) {
      const count = counts[index];
      if (count && count.max > 0) this.#used(vendor, name, count.used / count.max);
    }
  }

  throttled(vendor: CalledParty, limit: LimitCharge | undefined): void {
    this.#throttled.inc({ vendor, window: limit?.name ?? 'pause' });
    if (limit) this.#used(vendor, limit.name, 1);
  }

  deferred(vendor: CalledParty): void {
    this.#answers.inc({ vendor, answer: 'deferred' });
  }

  countedAlone(): void {
    this.#withoutRedis.inc();
  }

  #used(vendor: CalledParty, window: string, ratio: number): void {
    this.#turn();
    const key = `${vendor} ${window}`;
    if (ratio > (this.#current.get(key)?.ratio ?? -1)) this.#current.set(key, { vendor, window, ratio });
  }

  #largest(): UsedLimit[] {
    this.#turn();
    const all = new Map(this.#before);
    for (const [key, used] of this.#current) if (used.ratio > (all.get(key)?.ratio ?? -1)) all.set(key, used);
    return [...all.values()];
  }

  #turn(): void {
    const number = Math.floor(this.#now() / windowMs);
    if (number === this.#windowNumber) return;
    this.#before = number === this.#windowNumber + 1 ? this.#current : new Map<string, UsedLimit>();
    this.#current = new Map();
    this.#windowNumber = number;
  }
}

interface UsedLimit {
  readonly vendor: CalledParty;
  readonly window: string;
  readonly ratio: number;
}
