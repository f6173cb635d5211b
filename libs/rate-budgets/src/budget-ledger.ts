import type { CallPriority } from './call-priority.ts';
import type { LimitCharge } from './limit-charge.ts';
import type { LimitCorrection } from './vendor-limits.ts';

/** Whether a call may go out, as a ledger answers. */
export type BudgetAnswer =
  | { readonly granted: true; /** In the order of the charges. */ readonly counts: readonly LimitCount[] }
  | { readonly granted: false; readonly waitMs: number; /** Absent where all calls of the connection pause. */ readonly blocking: LimitCharge | undefined };

export interface LimitCount {
  /** With this call. */
  readonly used: number;
  /** The limit in force: what the vendor's answers said, else what its documents say. */
  readonly max: number;
}

export interface BudgetRequest {
  /** Names the account: what has the same key shares its limits. */
  readonly account: string;
  /** Of this one call: the holder of its slots. */
  readonly callId: string;
  readonly charges: readonly LimitCharge[];
  readonly priority: CallPriority;
  /** The part of each limit that background work must leave to others, 0 to 1. */
  readonly reservedShare: number;
}

/** How much of one limit of an account is used at the moment. Times are in ms since 1970. */
export interface LimitState {
  readonly used: number;
  /** The limit in force: what the vendor's answers said, else what its documents say. */
  readonly max: number;
  /** When all that is used has come back; 0 where nothing is, and for slots, which come back with their calls. */
  readonly renewsAtMs: number;
  /** Until when the vendor asked for no further call; 0 where it did not. */
  readonly pausedUntilMs: number;
}

export interface BudgetSettlement {
  readonly account: string;
  readonly callId: string;
  readonly priority: CallPriority;
  readonly charges: readonly LimitCharge[];
  readonly corrections: readonly LimitCorrection[];
  /** How much more than its cost the call came to, in the order of the charges; less where negative. */
  readonly differences: readonly number[];
}

/** Up to this part of each limit background work takes what is there, as calls that somebody waits for do: none starves the other. */
export const backgroundOwnShare = 0.2;

/** Where nobody has waited for a call of an account for so long, background work borrows of what it leaves to such calls. */
export const quietMs = 60_000;
/** This part of the reserve it leaves even then, and one call at least: whoever comes first does not find everything used up. */
export const keptOfReserve = 0.2;
/** What was borrowed of a longer window would be missing for too long when somebody comes. */
export const longestBorrowedMs = 60_000;

/** What of a limit a call may see used: of all work, and, where that is too much, of background work. */
export function ceilingsOf(
  { kind, limit, lengthMs }: Pick<LimitCharge, 'kind' | 'limit' | 'lengthMs'>, { priority, reservedShare }: BudgetRequest, isQuiet: boolean,
): { readonly all: number; readonly background: number } {
  if (priority === 'interactive') return { all: limit, background: 0 };
  const isBorrowed = isQuiet && (kind === 'slots' || lengthMs <= longestBorrowedMs);
  return { all: Math.max(1, limit - Math.ceil(limit * reservedShare * (isBorrowed ? keptOfReserve : 1))), background: Math.ceil(limit * backgroundOwnShare) };
}
