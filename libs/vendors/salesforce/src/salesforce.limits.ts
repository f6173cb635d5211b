/**
 * Salesforce's documented limits and the version of its interface that is called; versions live for three years.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta
 */
export const salesforceLimits = {
  apiVersion: '67.0',
  /** Records in one call of the collections resource. */
  collectionSize: 200,
  /** Ids of 18 characters in one query: the query travels in the address, which may have 16,384 characters. */
  idsPerQuery: 200,
  /** Keys of up to 255 characters in one query, for the same reason. */
  keysPerQuery: 20,
  /** Rows that one look-up may bring; the next page is fetched by itself. */
  maxRows: 50_000,
  timeoutMs: 30_000,
  /** A token endpoint that is slow is waited for longer than any other: an answer that is not read may be lost. */
  tokenTimeoutMs: 45_000,
  /** The limit of calls counts over 24 hours that roll; asking once an hour costs little of what comes free. */
  quotaRetryMs: 3_600_000,
} as const;
