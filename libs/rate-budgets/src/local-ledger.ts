import { ceilingsOf, quietMs, type BudgetAnswer, type BudgetRequest, type BudgetSettlement, type LimitCount } from './budget-ledger.ts';
import type { CallPriority } from './call-priority.ts';
import type { LimitCharge } from './limit-charge.ts';

/** Accounts remembered at once; the one used least recently is forgotten first. */
const mostAccounts = 10_000;
/** A slot is given back at no foreseeable time; so soon it is looked for again. */
const slotPollMs = 100;

interface Amount {
  all: number;
  background: number;
}

interface Holder {
  readonly endsAtMs: number;
  readonly priority: CallPriority;
}

interface Account {
  /** Amounts by bucket, by the limit's name and the length of its buckets. */
  readonly buckets: Map<string, Map<number, Amount>>;
  /** Leases by holder, by the limit's name. */
  readonly slots: Map<string, Map<string, Holder>>;
  /** Ends of pauses by the limit's name; '' is the whole connection. */
  readonly pauses: Map<string, number>;
  /** When somebody last waited for a call. */
  askedAtMs: number;
}

interface Live extends Amount {
  readonly endsAtMs: number;
}

/** Counts in this process alone, the way the scripts count in Redis. */
export class LocalLedger {
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  take(request: BudgetRequest): BudgetAnswer {
    const { account, callId, priority, charges } = request;
    const state = this.#account(account);
    const nowMs = this.#now();
    if (priority === 'interactive') state.askedAtMs = nowMs;
    let waitMs = Math.max(0, (state.pauses.get('') ?? 0) - nowMs);
    let blocking: LimitCharge | undefined;
    const counts: LimitCount[] = [];
    for (const charge of charges) {
      const { used, freeAtMs } = charge.kind === 'slots' ? this.#slots(state, charge, request, nowMs) : this.#window(state, charge, request, nowMs);
      const blockedMs = Math.max(freeAtMs, state.pauses.get(charge.name) ?? 0) - nowMs;
      if (blockedMs > waitMs) [waitMs, blocking] = [blockedMs, charge];
      counts.push({ used: used + charge.cost, max: charge.limit });
    }
    if (waitMs > 0) return { granted: false, waitMs: Math.ceil(waitMs), blocking };
    for (const charge of charges) {
      if (charge.kind === 'slots') placeFor(state.slots, charge.name).set(callId, { endsAtMs: nowMs + charge.lengthMs, priority });
      else add(placeFor(state.buckets, bucketsOf(charge)), presentBucket(charge, nowMs), charge.cost, priority);
    }
    return { granted: true, counts };
  }

  settle({ account, callId, priority, charges, corrections, differences }: BudgetSettlement): void {
    const state = this.#account(account);
    for (const [index, charge] of charges.entries()) {
      const difference = differences[index] ?? 0;
      if (charge.kind === 'slots') state.slots.get(charge.name)?.delete(callId);
      else if (difference !== 0) add(placeFor(state.buckets, bucketsOf(charge)), presentBucket(charge, this.#now()), difference, priority);
    }
    for (const { limit = '', pauseMs = 0 } of corrections) {
      state.pauses.set(limit, Math.max(state.pauses.get(limit) ?? 0, this.#now() + pauseMs));
    }
  }

  /** What was taken here and still counts, in the order of the charges; then it is forgotten, because Redis knows it. */
  handOver(account: string, charges: readonly LimitCharge[]): number[] {
    const state = this.#accounts.get(account);
    if (!state) return [];
    const sums = charges.map((charge) => (charge.kind === 'slots' ? 0 : sum(live(state, charge, this.#now()), 'all')));
    for (const charge of charges) state.buckets.delete(bucketsOf(charge));
    return sums;
  }

  /** Takes back what could not be handed over. */
  restore(account: string, charges: readonly LimitCharge[], sums: readonly number[]): void {
    const nowMs = this.#now();
    for (const [index, charge] of charges.entries()) {
      const amount = sums[index] ?? 0;
      if (amount > 0) add(placeFor(this.#account(account).buckets, bucketsOf(charge)), presentBucket(charge, nowMs), amount, 'interactive');
    }
  }

  #window(state: Account, charge: LimitCharge, request: BudgetRequest, nowMs: number): { used: number; freeAtMs: number } {
    const amounts = live(state, charge, nowMs).toSorted((a, b) => a.endsAtMs - b.endsAtMs);
    const ceilings = ceilingsOf(charge, request, isQuiet(state, nowMs));
    const free = (part: keyof Amount, ceiling: number) => freeAtMs(amounts, part, charge.cost, ceiling);
    const ofAllMs = free('all', ceilings.all);
    const ofItsOwnMs = request.priority === 'background' ? Math.max(free('all', charge.limit), free('background', ceilings.background)) : ofAllMs;
    return { used: sum(amounts, 'all'), freeAtMs: Math.min(ofAllMs, ofItsOwnMs) };
  }

  #slots(state: Account, charge: LimitCharge, request: BudgetRequest, nowMs: number): { used: number; freeAtMs: number } {
    const { name, limit } = charge;
    const holders = placeFor(state.slots, name);
    for (const [holder, { endsAtMs }] of holders) if (endsAtMs <= nowMs) holders.delete(holder);
    const ceilings = ceilingsOf(charge, request, isQuiet(state, nowMs));
    const ofBackground = [...holders.values()].filter(({ priority }) => priority === 'background').length;
    const isFree = holders.size < ceilings.all || (holders.size < limit && ofBackground < ceilings.background);
    return { used: holders.size, freeAtMs: isFree ? 0 : nowMs + slotPollMs };
  }

  #account(name: string): Account {
    const account = this.#accounts.get(name) ?? { buckets: new Map(), slots: new Map(), pauses: new Map(), askedAtMs: 0 };
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    const oldest = this.#accounts.keys().next();
    if (this.#accounts.size > mostAccounts && !oldest.done) this.#accounts.delete(oldest.value);
    return account;
  }
}

function isQuiet({ askedAtMs }: Account, nowMs: number): boolean {
  return nowMs - askedAtMs >= quietMs;
}

function presentBucket({ kind, bucketMs, beginsAtMs, marginMs }: LimitCharge, nowMs: number): number {
  return Math.floor((nowMs - beginsAtMs - (kind === 'fixed' ? marginMs : 0)) / bucketMs);
}

/** Parts of another length would be misread. */
function bucketsOf({ name, bucketMs }: LimitCharge): string {
  return `${name}:${bucketMs}`;
}

function live(state: Account, charge: LimitCharge, nowMs: number): Live[] {
  const { kind, bucketMs, beginsAtMs, lengthMs, marginMs } = charge;
  const buckets = placeFor(state.buckets, bucketsOf(charge));
  const amounts: Live[] = [];
  for (const [bucket, amount] of buckets) {
    const endsAtMs = (bucket + 1) * bucketMs + beginsAtMs + marginMs + (kind === 'rolling' ? lengthMs : 0);
    if (endsAtMs <= nowMs) buckets.delete(bucket);
    else amounts.push({ endsAtMs, ...amount });
  }
  return amounts;
}

/** When so much has ended that the cost fits below the ceiling; 0 where it does now, or where nothing is used. */
function freeAtMs(soonestFirst: readonly Live[], part: keyof Amount, cost: number, ceiling: number): number {
  const used = sum(soonestFirst, part);
  let missing = used + cost - ceiling;
  if (used === 0) return 0;
  let atMs = 0;
  for (const { endsAtMs, [part]: amount } of soonestFirst) {
    if (missing <= 0) break;
    if (amount !== 0) [missing, atMs] = [missing - amount, endsAtMs];
  }
  return atMs;
}

function sum(amounts: readonly Live[], part: keyof Amount): number {
  return amounts.reduce((total, { [part]: amount }) => total + amount, 0);
}

function add(buckets: Map<number, Amount>, bucket: number, amount: number, priority: CallPriority): void {
  const before = buckets.get(bucket) ?? { all: 0, background: 0 };
  buckets.set(bucket, { all: before.all + amount, background: before.background + (priority === 'background' ? amount : 0) });
}

function placeFor<Key, Value>(places: Map<string, Map<Key, Value>>, name: string): Map<Key, Value> {
  const place = places.get(name) ?? new Map<Key, Value>();
  places.set(name, place);
  return place;
}
