/** Where a vendor is to tell of changes in one account. */
export interface ChangeTarget {
  /** The gateway's address for this connection's webhooks. */
  readonly url: string;
  /** Kept sealed with the connection; the vendor repeats it, or signs with it, so that the gateway believes what comes. */
  readonly secret: string;
}

/** How the hub hears of changes in an account. */
export type ChangeSubscription =
  /** The account tells of them until `endsAt` (ISO 8601 in UTC with milliseconds), or for good where that is absent. */
  | { readonly kind: 'account'; readonly endsAt?: string }
  /** The vendor knows one address for all accounts, which whoever runs the hub has set at the vendor. */
  | { readonly kind: 'app' }
  /** The hub keeps a line open to the account, which tells of changes over it. */
  | { readonly kind: 'stream' }
  /** Nobody tells of changes; `reason` says to the tenant's administrator why, in a sentence. */
  | { readonly kind: 'none'; readonly reason: string };
