import type { AccountSettings, LimitedCall, VendorLimit, VendorLimits } from './vendor-limits.ts';

/** A limit that a call counts against, in the terms that Redis and a process alone count in. */
export interface LimitCharge {
  readonly name: string;
  readonly kind: VendorLimit['kind'];
  readonly limit: number;
  readonly cost: number;
  readonly isQuota: boolean;
  /** The limit counts milliseconds of the vendor's work; `cost` is what is expected of this call. */
  readonly isWorkTime: boolean;
  readonly unit: 'calls' | 'tokens' | 'credits' | 'milliseconds';
  /** Length of the window, or of a slot's lease. */
  readonly lengthMs: number;
  /** What is counted together: a part of a rolling window, the whole of a fixed one. */
  readonly bucketMs: number;
  /** Where buckets begin. */
  readonly beginsAtMs: number;
  /** How much longer than its window a call counts here, because it reaches the vendor later than it was counted. */
  readonly marginMs: number;
}

const rollingBuckets = 60;
/**
 * Of so few calls in so short a window each is counted by itself, to the millisecond: a sixtieth of it would be held
 * free for nothing. What a window holds is read by every call, so that larger ones are counted in parts.
 */
const exact = { mostCalls: 600, longestMs: 600_000 } as const;
const longestMarginMs = 250;
const marginShare = 0.04;

/** All limits of an account, as they are counted, whatever is called. @throws RangeError for a limit that is none. */
export function windowsOf({ limitsFor }: VendorLimits, settings: AccountSettings): LimitCharge[] {
  return limitsFor(settings).map((limit) => chargeOf(limit, 0));
}

/** The limits that a call counts against, with what it costs in each. @throws RangeError for a limit that is none. */
export function chargesOf({ limitsFor }: VendorLimits, settings: AccountSettings, call: LimitedCall): LimitCharge[] {
  return limitsFor(settings).flatMap((limit) => {
    const cost = limit.costOf?.(call) ?? 1;
    return cost > 0 ? [chargeOf(limit, cost)] : [];
  });
}

function chargeOf(limit: VendorLimit, cost: number): LimitCharge {
  const lengthMs = limit.kind === 'slots' ? limit.leaseMs : limit.lengthMs;
  if (!(limit.limit >= 1) || !(lengthMs >= 1)) throw new RangeError(`The limit ${limit.name} must be at least 1, for at least 1 ms.`);
  const isWorkTime = limit.kind === 'rolling' && limit.isWorkTime === true;
  return {
    name: limit.name,
    kind: limit.kind,
    limit: limit.limit,
    cost: limit.kind === 'slots' ? 1 : cost,
    isQuota: limit.kind !== 'slots' && limit.isQuota === true,
    isWorkTime,
    unit: isWorkTime ? 'milliseconds' : limit.kind === 'slots' ? 'calls' : limit.unit ?? 'calls',
    lengthMs,
    bucketMs: limit.kind === 'rolling' ? rollingBucketMs(limit.limit, lengthMs) : lengthMs,
    beginsAtMs: limit.kind === 'fixed' ? limit.beginsAtMs ?? 0 : 0,
    marginMs: limit.kind === 'slots' ? 0 : limit.marginMs ?? Math.min(longestMarginMs, lengthMs * marginShare),
  };
}

function rollingBucketMs(limit: number, lengthMs: number): number {
  return limit <= exact.mostCalls && lengthMs <= exact.longestMs ? 1 : Math.ceil(lengthMs / rollingBuckets);
}
