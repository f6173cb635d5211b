import type { Redis } from 'ioredis';

/** What is left to a caller. */
export interface Allowance {
  readonly isAllowed: boolean;
  readonly remaining: number;
  readonly resetsInSeconds: number;
}

export interface CallerQuotaOptions {
  readonly redis: Pick<Redis, 'eval'>;
  /** Sets installations apart that share a Redis. */
  readonly keyPrefix: string;
  /** Requests of one caller in a window, over all replicas. */
  readonly requests: number;
  readonly windowSeconds: number;
  readonly nowMs?: () => number;
}

interface Share {
  readonly window: number;
  /** What this process may still let through without asking. */
  left: number;
  /** What nobody has taken yet, as far as was last heard. */
  untaken: number;
  asking: Promise<void> | undefined;
}

/** Takes a block of the window's requests and says how many had been taken before. The count ends with its window. */
const takeBlock = `local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
if taken == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return taken - ARGV[1]`;

/** A process takes this part of a quota at a time, so that few requests wait for Redis. */
const partsOfQuota = 50;
const maxCallers = 10_000;

/**
 * Counts callers' requests in windows, over all replicas: a process takes small blocks of a caller's quota from Redis and counts by itself
 * within them. Nobody gets more than the quota; with several replicas the last blocks may lie unused. While Redis is away each process
 * grants the quota by itself.
 */
export class CallerQuota {
  readonly #options: CallerQuotaOptions;
  readonly #blockSize: number;
  readonly #shares = new Map<string, Share>();

  constructor(options: CallerQuotaOptions) {
    this.#options = options;
    this.#blockSize = Math.max(1, Math.floor(options.requests / partsOfQuota));
  }

  get policy(): { readonly requests: number; readonly windowSeconds: number } {
    return this.#options;
  }

  /** At once where this process has requests of the caller's left, and a promise where it has to ask. */
  take(caller: string): Allowance | Promise<Allowance> {
    const { windowSeconds, nowMs = Date.now } = this.#options;
    const now = nowMs();
    const share = this.#shareOf(caller, Math.floor(now / (windowSeconds * 1_000)));
    return share.left === 0 && share.untaken > 0 ? this.#askAndTake(caller, share, now) : this.#takeFrom(share, now);
  }

  async #askAndTake(caller: string, share: Share, now: number): Promise<Allowance> {
    while (share.left === 0 && share.untaken > 0) await (share.asking ??= this.#ask(caller, share));
    return this.#takeFrom(share, now);
  }

  #takeFrom(share: Share, now: number): Allowance {
    const isAllowed = share.left > 0;
    if (isAllowed) share.left -= 1;
    return { isAllowed, remaining: share.left + share.untaken, resetsInSeconds: Math.ceil((share.window + 1) * this.#options.windowSeconds - now / 1_000) };
  }

  #shareOf(caller: string, window: number): Share {
    const known = this.#shares.get(caller);
    if (known?.window === window) return known;
    const share: Share = { window, left: 0, untaken: this.#options.requests, asking: undefined };
    // A Map keeps the order of insertion: who began the oldest window goes where there are too many.
    this.#shares.delete(caller);
    this.#shares.set(caller, share);
    for (const oldest of this.#shares.keys()) {
      if (this.#shares.size <= maxCallers) break;
      this.#shares.delete(oldest);
    }
    return share;
  }

  async #ask(caller: string, share: Share): Promise<void> {
    const { redis, keyPrefix, requests, windowSeconds } = this.#options;
    try {
      const takenBefore = Number(await redis.eval(takeBlock, 1, `${keyPrefix}gateway:quota:${caller}:${share.window}`, this.#blockSize, windowSeconds * 2));
      share.left += Math.max(0, Math.min(this.#blockSize, requests - takenBefore));
      share.untaken = Math.max(0, requests - takenBefore - this.#blockSize);
    } catch {
      share.left += share.untaken;
      share.untaken = 0;
    } finally {
      share.asking = undefined;
    }
  }
}
