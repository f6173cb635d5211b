/** A token this close to its end is renewed before it is used, so that it does not run out on the way. */
export const renewBeforeExpiryMs = 120_000;

/**
 * When a token is renewed by itself: after 60 to 80 % of its life, so that tokens that were given together are not renewed
 * together, and there is time for several tries before anybody needs it.
 * @param chance from 0 up to 1.
 */
export function renewalTime(nowMs: number, lifetimeMs: number, chance: number): Date {
  return new Date(nowMs + Math.round(lifetimeMs * (0.6 + 0.2 * chance)));
}
