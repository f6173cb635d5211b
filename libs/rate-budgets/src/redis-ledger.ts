import { createHash } from 'node:crypto';
import { backgroundOwnShare, type BudgetAnswer, type BudgetRequest, type BudgetSettlement, type LimitState } from './budget-ledger.ts';
import { readScript, settleScript, takeScript } from './budget-scripts.ts';
import type { LimitCharge } from './limit-charge.ts';

/** What this library needs of a Redis client; ioredis' is one. */
export interface ScriptRedis {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: Array<string | number>): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: Array<string | number>): Promise<unknown>;
}

/** A day: as long as the longest window, so that what a vendor said outlives a quiet night. */
const stateKeptMs = 86_400_000;

/** Nobody waits longer for Redis: the vendor's own answer is waited for as well. */
const usualPatienceMs = 300;

export interface RedisLedgerOptions {
  /** In place of the clock of Redis; for tests. */
  readonly now?: (() => number) | undefined;
  /** How long an answer of Redis is waited for. */
  readonly patienceMs?: number | undefined;
}

/** Counts in Redis, for all replicas. Every method rejects while Redis is away, hangs or is too slow. */
export class RedisLedger {
  readonly #redis: ScriptRedis;
  readonly #prefix: string;
  readonly #now: (() => number) | undefined;
  readonly #patienceMs: number;

  constructor(redis: ScriptRedis, prefix: string, { now, patienceMs = usualPatienceMs }: RedisLedgerOptions = {}) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  /** @param unreported what this process took without Redis, in the order of the charges; it is counted here too. */
  async take({ account, callId, priority, charges, reservedShare }: BudgetRequest, unreported: readonly number[] = []): Promise<BudgetAnswer> {
    const reply = await this.#run(take, this.#keys(account, charges), [
      this.#now?.() ?? 0, priority === 'interactive' ? 0 : reservedShare, backgroundOwnShare, priority, callId, stateKeptMs,
      ...charges.flatMap((charge, index) => [...window(charge), charge.limit, charge.cost, unreported[index] ?? 0]),
    ]);
    const [granted = 0, ...rest] = numbersIn(reply);
    if (granted !== 1) return { granted: false, waitMs: rest[0] ?? 0, blocking: charges[(rest[1] ?? 0) - 1] };
    return { granted: true, counts: charges.map(({ cost, limit }, index) => ({ used: rest[index * 2] ?? cost, max: rest[index * 2 + 1] ?? limit })) };
  }

  async settle({ account, callId, priority, charges, corrections, differences }: BudgetSettlement): Promise<void> {
    const pauseOf = (limit: string | undefined) => Math.max(0, ...corrections.map((one) => (one.limit === limit ? one.pauseMs ?? 0 : 0)));
    await this.#run(settle, this.#keys(account, charges), [
      this.#now?.() ?? 0, stateKeptMs, `${priority}/${callId}`, pauseOf(undefined),
      ...charges.flatMap((charge, index) => {
        const told = corrections.find(({ limit }) => limit === charge.name);
        return [...window(charge), told?.used ?? -1, told?.max ?? -1, pauseOf(charge.name), differences[index] ?? 0];
      }),
    ]);
  }

  /** What is used of limits of an account, in their order; nothing is taken. */
  async read(account: string, windows: readonly LimitCharge[]): Promise<LimitState[]> {
    const reply = numbersIn(await this.#run(read, this.#keys(account, windows), [
      this.#now?.() ?? 0, ...windows.flatMap((one) => [...window(one), one.limit]),
    ]));
    return windows.map(({ limit }, index) => {
      const [used = 0, max = limit, renewsAtMs = 0, pausedUntilMs = 0] = reply.slice(index * 4, index * 4 + 4);
      return { used, max, renewsAtMs, pausedUntilMs };
    });
  }

  /** Resolves where Redis answers; counts nothing. */
  async probe(): Promise<void> {
    await inTime(this.#redis.eval('return 1', 0), this.#patienceMs);
  }

  /** The braces keep an account's keys on one node of a cluster. Parts of another length would be misread: they get another key. */
  #keys(account: string, charges: readonly LimitCharge[]): string[] {
    const base = `${this.#prefix}budget:{${account}}`;
    return [base, ...charges.map(({ name, bucketMs }) => `${base}:${name}:${bucketMs}`)];
  }

  async #run(script: Script, keys: readonly string[], values: ReadonlyArray<string | number>): Promise<unknown> {
    try {
      return await inTime(this.#redis.evalsha(script.sha1, keys.length, ...keys, ...values), this.#patienceMs);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await inTime(this.#redis.eval(script.text, keys.length, ...keys, ...values), this.#patienceMs);
    }
  }
}

/** @throws Error where the answer takes too long. It may still come: what it counted stays counted, which errs on the safe side. */
async function inTime(answer: Promise<unknown>, patienceMs: number): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  // An answer that lies there already, because this process was busy meanwhile, comes before the verdict.
  const timer = setTimeout(() => setImmediate(() => late.reject(new Error(`Redis did not answer within ${patienceMs} ms.`))), patienceMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface Script {
  readonly text: string;
  readonly sha1: string;
}

function scriptOf(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

const take = scriptOf(takeScript);
const settle = scriptOf(settleScript);
const read = scriptOf(readScript);

function window({ name, kind, lengthMs, bucketMs, beginsAtMs, marginMs }: LimitCharge): Array<string | number> {
  return [name, kind, lengthMs, bucketMs, beginsAtMs, marginMs];
}

function numbersIn(reply: unknown): number[] {
  if (!Array.isArray(reply)) throw new TypeError('Redis answered a budget script with something that is no list.');
  return reply.map(Number);
}
