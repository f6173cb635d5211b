/** A key to a session, as it is stored. */
export interface SessionKey {
  /** Set when another one took its place. */
  readonly replacedAt: Date | null;
  /** Whether the key that took its place was ever used; false where there is none. */
  readonly isSuccessorUsed: boolean;
  /** It was never used, and another one was given in its place because its answer seemed lost. */
  readonly isWithdrawn: boolean;
}

/** Requests of several windows that were sent at the same moment arrive within this. */
export const parallelUseMs = 10_000;

export type KeyRenewal =
  /** Another key takes its place. */
  | 'rotate'
  /** Another window has just had it exchanged; the browser holds the new one. */
  | 'keep'
  /** Two parties hold keys of one session: whoever else it is, the session ends. */
  | 'reused';

/**
 * What happens to a key that is presented. Each key is good for one exchange. When the answer to it was lost the browser
 * comes again with the same key: that is told from theft by the new key never having been used.
 */
export function decideRenewal({ replacedAt, isSuccessorUsed, isWithdrawn }: SessionKey, now: Date): KeyRenewal {
  if (isWithdrawn) return 'reused';
  if (replacedAt === null) return 'rotate';
  if (now.getTime() - replacedAt.getTime() < parallelUseMs) return 'keep';
  return isSuccessorUsed ? 'reused' : 'rotate';
}
