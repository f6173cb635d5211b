import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { describeProblem, type Logger, type Problem } from '@crossdock/service-kit';

/** What went wrong, as the caller is told: the message is for people, `extensions.code` the same as in a problem document. */
export interface AnswerError extends GraphQLFormattedError {
  readonly extensions: Pick<Problem, 'code' | 'status' | 'retryAfterSeconds' | 'errors'> & Record<string, unknown>;
}

/** Of one field, or of all of an operation. What is ours to mend is logged; its text stays inside. */
export function toAnswerError(thrown: unknown, logger: Logger): AnswerError {
  const { path, locations } = thrown instanceof GraphQLError ? thrown : {};
  // Without a cause it is of the execution itself: what a resolver gave is not what the graph says of it.
  const { status, code, detail, retryAfterSeconds, errors } = describeProblem(thrown instanceof GraphQLError ? thrown.originalError : thrown);
  if (status >= 500) logger.error({ err: thrown, field: path?.join('.') }, 'field failed');
  return {
    message: detail,
    ...(locations && { locations }), ...(path && { path }),
    extensions: { code, status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }), ...(errors && { errors }) },
  };
}

/** A document that is no GraphQL, or does not fit the graph: what is said of it concerns the caller's own text alone. */
export function toDocumentError({ message, locations }: GraphQLError): AnswerError {
  return { message, ...(locations && { locations }), extensions: { code: 'the_request_is_malformed', status: 400 } };
}
