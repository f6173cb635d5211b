import type { LimitState } from './budget-ledger.ts';
import type { LimitCharge } from './limit-charge.ts';
import type { VendorLimit } from './vendor-limits.ts';

/** How much of one limit of an account is used, over all services. */
export interface LimitUsage {
  /** By the name in the vendor's library, as in the metrics. */
  readonly name: string;
  /** `rolling`: in any stretch of time of this length; `fixed`: until the vendor's clock begins a new window; `slots`: at once. */
  readonly kind: VendorLimit['kind'];
  /** What is counted; `milliseconds` are those of the vendor's work. */
  readonly unit: 'calls' | 'tokens' | 'credits' | 'milliseconds';
  /** Length of the window, in ms; absent for slots. */
  readonly lengthMs?: number;
  /** What the vendor's answers said that it grants, else what its documents say. */
  readonly granted: number;
  /** More than `granted` where others use the account as well and the vendor told of it. */
  readonly used: number;
  /** When all that is used now has come back: bit by bit until then where the window rolls. Absent where nothing is used, and for slots. */
  readonly renewsAt?: Date;
  /** Until when the vendor asked for no further call. */
  readonly pausedUntil?: Date;
}

export function usageOf({ name, kind, unit, lengthMs }: LimitCharge, { used, max, renewsAtMs, pausedUntilMs }: LimitState): LimitUsage {
  return {
    name, kind, unit, granted: max, used,
    ...(kind !== 'slots' && { lengthMs }),
    ...(renewsAtMs > 0 && { renewsAt: new Date(renewsAtMs) }),
    ...(pausedUntilMs > 0 && { pausedUntil: new Date(pausedUntilMs) }),
  };
}
