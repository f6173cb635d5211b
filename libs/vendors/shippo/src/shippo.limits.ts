/**
 * The pinned version and what we hold ourselves to.
 * Sources: https://docs.goshippo.com/docs/api_concepts/apiversioning and
 * https://docs.goshippo.com/api-concepts/rate-limits (limits a minute; neither a Retry-After nor the body of a 429 is
 * documented, so that a refused call waits for the next minute).
 */
export const shippoLimits = {
  apiVersion: '2018-02-08',
  rateLimitWindowMs: 60_000,
  /** Carriers are asked while the call waits, for rates all of them. */
  timeoutMs: 45_000,
  maxResponseBytes: 4 * 1024 * 1024,
  /** Shippo does not say how old a signed webhook may be; this is our choice. */
  signatureWindowMs: 300_000,
} as const;
