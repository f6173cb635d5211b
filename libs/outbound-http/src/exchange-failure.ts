import { Failure } from '@crossdock/contracts';
import type { CallOutcome } from './call-metrics.ts';
import { EgressRefused } from './egress-guard.ts';
import { ExchangeError } from './http-exchange.ts';
import type { CallPurpose } from './vendor-call.ts';

/** The metric label of a call that got no answer. */
export function outcomeOf(thrown: unknown): CallOutcome {
  // Nothing on the way out throws a failure of its own but the budget.
  if (thrown instanceof Failure) return 'no_budget';
  if (!(thrown instanceof ExchangeError)) return 'refused';
  return refusalIn(thrown) ? 'refused' : thrown.fault;
}

/** Turns a call without an answer into a failure; whether the vendor may have acted decides its kind. */
export function failureOf(thrown: unknown, { vendor, operation }: CallPurpose, repeatable: boolean): Failure {
  if (thrown instanceof Failure) return thrown;
  const call = `${vendor} ${operation}`;
  const refusal = thrown instanceof EgressRefused ? thrown : refusalIn(thrown);
  if (refusal) return new Failure('invalid', `${call}: the address was refused: ${refusal.message}`, { cause: thrown });
  if (!(thrown instanceof ExchangeError)) return new Failure('unexpected', `${call}: the call could not be made`, { cause: thrown });
  if (thrown.fault === 'too_large') {
    return new Failure('unexpected', `${call}: the answer is larger than allowed and was cut off`, { cause: thrown });
  }
  const what = `${call}: ${faultText[thrown.fault]}${codeOf(thrown)}`;
  if (thrown.phase === 'unsent') return new Failure('transient', `${what}; nothing was sent`, { cause: thrown });
  if (repeatable) return new Failure('transient', `${what}; a repeat is safe`, { cause: thrown });
  return new Failure('outcome_unknown', `${what}; the vendor may have acted: look the record up first`, { cause: thrown });
}

const faultText = { network: 'the network failed', timeout: 'no answer in time', cancelled: 'the call was cancelled' };

function refusalIn(thrown: unknown): EgressRefused | undefined {
  return thrown instanceof ExchangeError && thrown.cause instanceof EgressRefused ? thrown.cause : undefined;
}

/** The system's or TLS's own word, such as ECONNREFUSED: it names no host and no data. */
function codeOf({ cause }: ExchangeError): string {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return '';
  return /^[A-Z0-9_]+$/.test(cause.code) ? ` (${cause.code})` : '';
}
