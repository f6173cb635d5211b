/**
 * HubSpot's documented limits. Paths carry the version: objects and properties v3 and associations v4 are what the
 * official SDK 14 calls; HubSpot supports v4 until 2027-03-30 and v3 until September 2027.
 * Source: https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
export const hubSpotLimits = {
  /** Records in one batch read or batch upsert. */
  objectBatchSize: 100,
  /** Pairs in one batch of associations; HubSpot takes more, smaller calls stay within the timeout. */
  associationBatchSize: 100,
  timeoutMs: 20_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  /** HubSpot counts calls in a window that rolls over ten seconds; a 429 of it is over by then. */
  rollingWindowMs: 10_000,
  /** Search counts by the second. */
  searchWindowMs: 1_000,
  /** A locked record (423) is free again after two seconds. */
  lockedRetryMs: 2_000,
  /** The day's quota is renewed at midnight of the account's own time zone, which is not asked for. */
  quotaRetryMs: 3_600_000,
} as const;
