/** What an account's settings tell of its limits, such as its edition; each vendor reads its own part through a schema. */
export type AccountSettings = Readonly<Record<string, unknown>>;

/** What is known of a call before it goes out. */
export interface LimitedCall {
  /** Such as `contacts.batchUpsert`. */
  readonly operation: string;
  /** In capitals. */
  readonly method: string;
  readonly pathname: string;
}

interface LimitBase {
  /** Unique within the vendor: part of a key and a metric label, such as `ten-seconds` or `search`. */
  readonly name: string;
  /** What a call costs here; 0 where it does not count. Default: 1 for every call. */
  readonly costOf?: (call: LimitedCall) => number;
}

interface Window extends LimitBase {
  readonly lengthMs: number;
  readonly limit: number;
  /** What the vendor counts, where it is not calls. */
  readonly unit?: 'tokens' | 'credits';
  /** A quota is used up for hours: work waits for its return as `quota_exhausted`, not as `rate_limited`. */
  readonly isQuota?: boolean;
  /**
   * How much longer than its window a call counts here: calls reach the vendor later than they are counted, one sooner
   * than the other. Default: a twenty-fifth of the window, 250 ms at most.
   */
  readonly marginMs?: number;
}

/** So much in any stretch of time of this length, as `110 calls in 10 seconds` or `100,000 in 24 hours`. */
export interface RollingWindow extends Window {
  readonly kind: 'rolling';
  /**
   * The vendor counts how long it works on calls, in milliseconds. Until a call has ended, what calls of its operation
   * took lately is counted (`costOf` for the first); then what it took itself, its way there and back included.
   */
  readonly isWorkTime?: boolean;
}

/** So much until the vendor's clock begins a new window, as a day's quota that is renewed at midnight. */
export interface FixedWindow extends Window {
  readonly kind: 'fixed';
  /** Where windows begin, in ms after 1970-01-01T00:00Z. Default 0: a day begins at midnight UTC. */
  readonly beginsAtMs?: number;
}

/** So many calls under way at once. */
export interface ConcurrencySlots extends LimitBase {
  readonly kind: 'slots';
  readonly limit: number;
  /** A slot whose call never came back is free again after this; longer than the longest call. */
  readonly leaseMs: number;
}

export type VendorLimit = RollingWindow | FixedWindow | ConcurrencySlots;

/** What an answer tells of a limit. */
export interface LimitCorrection {
  /** Name of the limit; without it the correction concerns all calls of the connection (only `pauseMs`). */
  readonly limit?: string;
  /** What the vendor has counted in the present window. A lower figure than the hub's own is not taken over. */
  readonly used?: number;
  /** What the vendor grants in a window. */
  readonly max?: number;
  /** No call for so long, as `Retry-After` says. */
  readonly pauseMs?: number;
}

/** The answer to a call, as far as it may tell of limits. */
export interface LimitedAnswer {
  readonly call: LimitedCall;
  readonly status: number;
  readonly headers: Headers;
}

/** A vendor's limits in force, as data; `libs/vendors/<vendor>/src/<vendor>.limits.ts` has one of these. */
export interface VendorLimits {
  /** The limits of an account with these settings; of a name that is given once only. */
  readonly limitsFor: (settings: AccountSettings) => readonly VendorLimit[];
  /** What the vendor's answer tells of its own count; nothing where it says nothing. */
  readonly correctionsOf?: (answer: LimitedAnswer) => readonly LimitCorrection[];
}
