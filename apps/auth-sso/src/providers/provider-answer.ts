import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { asFailure, Failure } from '@crossdock/contracts';

/** Why a sign-on at a provider came to nothing. */
export type ProviderRefusal =
  /** The person did not agree, or may not use the application there. */
  | 'denied'
  /** The provider does not accept the code: it ran out, or was used. */
  | 'code_refused'
  /** It cannot be reached, is slow, or answers with a fault of its own. */
  | 'provider_away'
  /** What it says does not prove anything: issuer, audience, signature, time or nonce is wrong. */
  | 'wrong_answer';

/** An answer of a provider that lets nobody in. The message is for the log and holds nothing that was sent. */
export class ProviderAnswerRefused extends Error {
  readonly refusal: ProviderRefusal;

  constructor(refusal: ProviderRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProviderAnswerRefused';
    this.refusal = refusal;
  }
}

/** What went wrong between us and a provider, from whatever its libraries threw. */
export function providerRefusalOf(thrown: unknown): ProviderAnswerRefused {
  if (thrown instanceof ProviderAnswerRefused) return thrown;
  if (thrown instanceof AuthorizationResponseError) return new ProviderAnswerRefused('denied', 'The provider ended the sign-on with an error.');
  if (thrown instanceof ResponseBodyError) {
    return new ProviderAnswerRefused('code_refused', `The provider's token endpoint refused: status ${thrown.status}.`);
  }
  const failure = findFailure(thrown);
  if (failure && ['transient', 'outcome_unknown', 'rate_limited'].includes(failure.kind)) {
    return new ProviderAnswerRefused('provider_away', failure.message);
  }
  if (failure) return new ProviderAnswerRefused('wrong_answer', failure.message);
  return new ProviderAnswerRefused('wrong_answer', `The provider's answer does not hold: ${describe(thrown)}`);
}

/** The libraries wrap what their fetch threw. */
function findFailure(thrown: unknown): Failure | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) if (error instanceof Failure) return asFailure(error);
  return undefined;
}

/** Codes of the libraries' errors name the check that failed, and nothing that was in the token. */
function describe(thrown: unknown): string {
  if (!Error.isError(thrown)) return 'unknown';
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}
