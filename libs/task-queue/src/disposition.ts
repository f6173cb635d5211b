import type { FailureKind } from '@crossdock/contracts';

/** What becomes of a task that failed. */
export type Disposition =
  /** Again after a growing pause, up to the kind's number of attempts. */
  | 'retry'
  /** Again when the vendor said; it does not count as an attempt. */
  | 'defer'
  /** Rests until a person has mended the connection. */
  | 'park'
  /** Trying again cannot help: kept for a person to look at. */
  | 'dead_letter';

/** Turns every kind of failure into what happens next. */
export function dispositionOf(kind: FailureKind): Disposition {
  switch (kind) {
    case 'transient':
    case 'outcome_unknown':
    case 'conflict':
    case 'dependency_missing':
    case 'unexpected':
      return 'retry';
    case 'rate_limited':
    case 'quota_exhausted':
      return 'defer';
    case 'unauthorised':
    case 'forbidden':
      return 'park';
    case 'invalid':
    case 'not_found':
    case 'cursor_expired':
      return 'dead_letter';
  }
}
