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
  /** The part of each limit that this call must leave to others, 0 to 1. */
  readonly reservedShare: number;
}

export interface BudgetSettlement {
  readonly account: string;
  readonly callId: string;
  readonly charges: readonly LimitCharge[];
  readonly corrections: readonly LimitCorrection[];
}
