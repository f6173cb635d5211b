import type { ConnectionState, Failure } from '@crossdock/contracts';
import type { Connection } from '../connection.ts';
import type { ConnectionReason } from '../health/connection-health.ts';

/** What a probe says: how the connection stands now, and when to look again. */
export interface ProbeVerdict {
  /** Undefined where the state stays as it is. */
  readonly state?: ConnectionState;
  readonly reason?: ConnectionReason;
  readonly failure?: string;
  /** Probes that failed in a row, this one included. */
  readonly failures: number;
  readonly nextInMs: number;
}

type Subject = Pick<Connection, 'vendor' | 'state' | 'stateCode' | 'stateSince'>;

/** One failure may be chance: only the second in a row counts as the vendor's being away. */
const failuresToDegrade = 2;
const soonMs = 60_000;
/** A permission that is missing is believed to be back only by work that succeeds, or after this, when work is tried again. */
const permissionRestMs = 3_600_000;
const restMs = 24 * 3_600_000;

/**
 * @param failure why the probe failed; undefined where it worked.
 * @param chance from 0 up to 1: probes that begin together do not stay together.
 */
export function judgeProbe(
  connection: Subject, failure: Failure | undefined,
  { failuresBefore, everyMs, nowMs, chance }: { readonly failuresBefore: number; readonly everyMs: number; readonly nowMs: number; readonly chance: number },
): ProbeVerdict {
  const regularly = Math.round(everyMs * (0.8 + 0.4 * chance));
  const isThere = { failures: 0, nextInMs: regularly, ...(isOver(connection, nowMs) && { state: 'healthy' as const }) };
  if (!failure) return isThere;
  switch (failure.kind) {
    // Whoever asks for a pause is there.
    case 'rate_limited':
    case 'quota_exhausted':
      return isThere;
    case 'unauthorised':
      return { ...failed(failure, 0, restMs), state: 'needs_reconnect', reason: { code: 'authorisation_refused', message: failure.message } };
    case 'forbidden':
      return { ...failed(failure, 0, regularly), state: 'degraded', reason: { code: 'permission_missing', message: failure.message } };
    default: {
      const failures = failuresBefore + 1;
      const nextInMs = Math.min(regularly, soonMs * 2 ** Math.min(failures - 1, 10));
      const isAway = failures >= failuresToDegrade && (connection.state === 'healthy' || connection.stateCode === 'vendor_unreachable');
      const reason = { code: 'vendor_unreachable' as const, message: `${connection.vendor} did not answer ${failures} times in a row; it is asked again and again.` };
      return { ...failed(failure, failures, nextInMs), ...(isAway && { state: 'degraded' as const, reason }) };
    }
  }
}

function failed({ message }: Failure, failures: number, nextInMs: number): Pick<ProbeVerdict, 'failure' | 'failures' | 'nextInMs'> {
  return { failure: message, failures, nextInMs };
}

/** Whether a probe that works ends what was said of the connection. What is being set up becomes healthy by that. */
function isOver({ state, stateCode, stateSince }: Subject, nowMs: number): boolean {
  if (state === 'needs_reconnect') return stateCode === 'secret_unreadable';
  if (state !== 'degraded' || stateCode === 'account_limited') return false;
  return stateCode !== 'permission_missing' || nowMs - stateSince.getTime() > permissionRestMs;
}
