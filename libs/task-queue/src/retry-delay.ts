const firstDelayMs = 500;
const longestDelayMs = 15 * 60_000;

/**
 * Exponential backoff with full jitter, so that tasks which failed together do not come back together.
 * @param attempt 1 after the first failure.
 * @param random in [0, 1).
 * @returns milliseconds; never less than what the vendor asked for.
 */
export function retryDelayMs(attempt: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.max(retryAfterMs, Math.round(random * ceiling));
}
