import { RateWindow } from '@crossdock/sandbox';

/** How a vendor counts, on its own side: whether it takes a call that arrives, and what its answer tells. */
export interface VendorCount {
  readonly arrive: (nowMs: number) => { readonly allowed: boolean; readonly tells?: Readonly<Record<string, string>> };
  /** The end of a call that was allowed. */
  readonly leave?: (nowMs: number, workMs: number) => void;
}

/** So many calls in any stretch of time of this length, counted as the sandbox's vendors count. */
export function callsIn(window: { max: number; intervalMs: number }, cost = 1, tells?: (remaining: number) => Record<string, string>): VendorCount {
  const calls = new RateWindow(window);
  return {
    arrive: (nowMs) => {
      let taken = calls.take(nowMs);
      for (let i = 1; i < cost; i += 1) taken = calls.take(nowMs);
      return { allowed: taken.allowed, ...(tells && { tells: tells(taken.remaining) }) };
    },
  };
}

/** So many calls under way at once. */
export function callsAtOnce(max: number): VendorCount {
  let underWay = 0;
  return {
    arrive: () => {
      const allowed = underWay < max;
      if (allowed) underWay += 1;
      return { allowed };
    },
    leave: () => { underWay -= 1; },
  };
}

/** So much until midnight UTC. */
export function inDay(max: number, cost: number): VendorCount {
  const used = new Map<number, number>();
  return {
    arrive: (nowMs) => {
      const day = Math.floor(nowMs / 86_400_000);
      const sum = (used.get(day) ?? 0) + cost;
      if (sum > max) return { allowed: false };
      used.set(day, sum);
      return { allowed: true };
    },
  };
}

/** So many milliseconds of work on calls that have ended, in any stretch of time of this length. */
export function workIn(maxMs: number, intervalMs: number, tells: (remainingMs: number) => Record<string, string>): VendorCount {
  const ended: Array<{ readonly atMs: number; readonly workMs: number }> = [];
  let first = 0;
  let remainingMs = maxMs;
  return {
    arrive: (nowMs) => {
      for (let oldest = ended[first]; oldest !== undefined && oldest.atMs <= nowMs - intervalMs; oldest = ended[first]) {
        remainingMs += oldest.workMs;
        first += 1;
      }
      return { allowed: remainingMs > 0, tells: tells(Math.max(0, remainingMs)) };
    },
    leave: (nowMs, workMs) => {
      ended.push({ atMs: nowMs, workMs });
      remainingMs -= workMs;
    },
  };
}

/** Takes a call where all of them do. */
export function all(...counts: readonly VendorCount[]): VendorCount {
  return {
    arrive: (nowMs) => {
      const answers = counts.map((count) => count.arrive(nowMs));
      const allowed = answers.every((answer) => answer.allowed);
      return { allowed, tells: Object.assign({}, ...answers.map(({ tells }) => tells)) as Record<string, string> };
    },
    leave: (nowMs, workMs) => { for (const count of counts) count.leave?.(nowMs, workMs); },
  };
}
