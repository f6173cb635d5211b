import { accessTokenLifetimeSeconds, clockToleranceSeconds, jwksCacheSeconds } from '@crossdock/service-tokens';

/** When a signing key takes over. It signs until the next one does. */
export interface ScheduledKey {
  readonly kid: string;
  readonly activeFrom: Date;
}

export interface KeyPlan {
  /** The key that signs now; nothing where there is none yet. */
  readonly signing: string | undefined;
  /** Set where a key has to be made: when it shall take over. */
  readonly createActiveFrom: Date | undefined;
  /** Keys no living token is signed with. */
  readonly expired: readonly string[];
}

/**
 * A key is published this long before it signs: every service has read the keys anew by then, with a wide margin for
 * an issuer that was away for a while.
 */
export const publishAheadMs = 6 * jwksCacheSeconds * 1_000;

/** A key stays published this long after the next one took over: until its last token has run out everywhere. */
export const keepPublishedMs = (accessTokenLifetimeSeconds + 2 * clockToleranceSeconds) * 1_000;

/**
 * What is to be done about the keys now. It depends on time and keys alone, so replicas come to the same plan; the very
 * first key signs at once, because nobody has read the keys before it.
 */
export function planKeys(keys: readonly ScheduledKey[], now: Date, lifetimeMs: number): KeyPlan {
  const byStart = keys.toSorted((one, other) => one.activeFrom.getTime() - other.activeFrom.getTime());
  const newest = byStart.at(-1);
  if (!newest) return { signing: undefined, createActiveFrom: now, expired: [] };

  const nowMs = now.getTime();
  const started = byStart.filter(({ activeFrom }) => activeFrom.getTime() <= nowMs);
  const nextIsDue = newest.activeFrom.getTime() + lifetimeMs - publishAheadMs <= nowMs;
  const expired = byStart.filter((_key, index) => {
    const successor = byStart[index + 1];
    return successor !== undefined && successor.activeFrom.getTime() + keepPublishedMs <= nowMs;
  });
  return {
    signing: (started.at(-1) ?? byStart[0])?.kid,
    createActiveFrom: nextIsDue ? new Date(nowMs + publishAheadMs) : undefined,
    expired: expired.map(({ kid }) => kid),
  };
}
