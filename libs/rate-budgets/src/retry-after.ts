/** A longer pause would only hide that something is wrong. */
const longestPauseMs = 86_400_000;

/**
 * The pause that a `Retry-After` header asks for, in milliseconds, a day at most: seconds or an HTTP date (RFC 9110,
 * section 10.2.3). Undefined where there is none or it cannot be read; a date that is past is a pause of 0.
 */
export function retryAfterMs(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  const pauseMs = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1_000) : Date.parse(text) - nowMs;
  return Number.isNaN(pauseMs) ? undefined : Math.min(longestPauseMs, Math.max(0, pauseMs));
}
