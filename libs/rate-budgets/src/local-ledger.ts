import type { BudgetAnswer, BudgetRequest, BudgetSettlement, LimitCount } from './budget-ledger.ts';
import type { LimitCharge } from './limit-charge.ts';

/** Accounts remembered at once; the one used least recently is forgotten first. */
const mostAccounts = 10_000;
/** A slot is given back at no foreseeable time; so soon it is looked for again. */
const slotPollMs = 100;

interface Account {
  /** Amounts by bucket, by the limit's name. */
  readonly buckets: Map<string, Map<number, number>>;
  /** Ends of leases by holder, by the limit's name. */
  readonly slots: Map<string, Map<string, number>>;
  /** Ends of pauses by the limit's name; '' is the whole connection. */
  readonly pauses: Map<string, number>;
}

interface Live {
  readonly endsAtMs: number;
  readonly amount: number;
}

/** Counts in this process alone, the way the scripts count in Redis. */
export class LocalLedger {
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  take({ account, callId, charges, reservedShare }: BudgetRequest): BudgetAnswer {
    const state = this.#account(account);
    const nowMs = this.#now();
    let waitMs = Math.max(0, (state.pauses.get('') ?? 0) - nowMs);
    let blocking: LimitCharge | undefined;
    const counts: LimitCount[] = [];
    for (const charge of charges) {
      const ceiling = Math.max(1, charge.limit - Math.ceil(charge.limit * reservedShare));
      const { used, freeAtMs } = charge.kind === 'slots'
        ? this.#slots(state, charge, ceiling, nowMs)
        : this.#window(state, charge, ceiling, nowMs);
      const blockedMs = Math.max(freeAtMs, state.pauses.get(charge.name) ?? 0) - nowMs;
      if (blockedMs > waitMs) [waitMs, blocking] = [blockedMs, charge];
      counts.push({ used: used + charge.cost, max: charge.limit });
    }
    if (waitMs > 0) return { granted: false, waitMs: Math.ceil(waitMs), blocking };
    for (const charge of charges) {
      if (charge.kind === 'slots') placeFor(state.slots, charge.name).set(callId, nowMs + charge.lengthMs);
      else add(placeFor(state.buckets, charge.name), presentBucket(charge, nowMs), charge.cost);
    }
    return { granted: true, counts };
  }

  settle({ account, callId, charges, corrections }: BudgetSettlement): void {
    const state = this.#account(account);
    for (const { name } of charges) state.slots.get(name)?.delete(callId);
    for (const { limit = '', pauseMs = 0 } of corrections) {
      state.pauses.set(limit, Math.max(state.pauses.get(limit) ?? 0, this.#now() + pauseMs));
    }
  }

  /** What was taken here and still counts, in the order of the charges; then it is forgotten, because Redis knows it. */
  handOver(account: string, charges: readonly LimitCharge[]): number[] {
    const state = this.#accounts.get(account);
    if (!state) return [];
    const sums = charges.map((charge) => (charge.kind === 'slots' ? 0 : sum(live(state, charge, this.#now()))));
    for (const { name } of charges) state.buckets.delete(name);
    return sums;
  }

  /** Takes back what could not be handed over. */
  restore(account: string, charges: readonly LimitCharge[], sums: readonly number[]): void {
    const nowMs = this.#now();
    for (const [index, charge] of charges.entries()) {
      const amount = sums[index] ?? 0;
      if (amount > 0) add(placeFor(this.#account(account).buckets, charge.name), presentBucket(charge, nowMs), amount);
    }
  }

  #window(state: Account, charge: LimitCharge, ceiling: number, nowMs: number): { used: number; freeAtMs: number } {
    const amounts = live(state, charge, nowMs);
    const used = sum(amounts);
    let missing = used + charge.cost - ceiling;
    if (missing <= 0 || used === 0) return { used, freeAtMs: 0 };
    let freeAtMs = nowMs;
    for (const { endsAtMs, amount } of amounts.toSorted((a, b) => a.endsAtMs - b.endsAtMs)) {
      if (missing <= 0) break;
      [missing, freeAtMs] = [missing - amount, endsAtMs];
    }
    return { used, freeAtMs };
  }

  #slots(state: Account, { name }: LimitCharge, ceiling: number, nowMs: number): { used: number; freeAtMs: number } {
    const holders = placeFor(state.slots, name);
    for (const [holder, endsAtMs] of holders) if (endsAtMs <= nowMs) holders.delete(holder);
    return { used: holders.size, freeAtMs: holders.size >= ceiling ? nowMs + slotPollMs : 0 };
  }

  #account(name: string): Account {
    const account = this.#accounts.get(name) ?? { buckets: new Map(), slots: new Map(), pauses: new Map() };
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    const oldest = this.#accounts.keys().next();
    if (this.#accounts.size > mostAccounts && !oldest.done) this.#accounts.delete(oldest.value);
    return account;
  }
}

function presentBucket({ kind, bucketMs, beginsAtMs, marginMs }: LimitCharge, nowMs: number): number {
  return Math.floor((nowMs - beginsAtMs - (kind === 'fixed' ? marginMs : 0)) / bucketMs);
}

function live(state: Account, { name, kind, bucketMs, beginsAtMs, lengthMs, marginMs }: LimitCharge, nowMs: number): Live[] {
  const buckets = placeFor(state.buckets, name);
  const amounts: Live[] = [];
  for (const [bucket, amount] of buckets) {
    const endsAtMs = (bucket + 1) * bucketMs + beginsAtMs + marginMs + (kind === 'rolling' ? lengthMs : 0);
    if (endsAtMs <= nowMs) buckets.delete(bucket);
    else amounts.push({ endsAtMs, amount });
  }
  return amounts;
}

function sum(amounts: readonly Live[]): number {
  return amounts.reduce((total, { amount }) => total + amount, 0);
}

function add(buckets: Map<number, number>, bucket: number, amount: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + amount);
}

function placeFor<Key, Value>(places: Map<string, Map<Key, Value>>, name: string): Map<Key, Value> {
  const place = places.get(name) ?? new Map<Key, Value>();
  places.set(name, place);
  return place;
}
