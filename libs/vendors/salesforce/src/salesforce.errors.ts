import { Failure, type FailureKind } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceLimits } from './salesforce.limits.ts';

const code = z.string().max(100);

/** An error as the REST resources answer it (`errorCode`) or as a collection does for one record (`statusCode`). */
const errorSchema = z.object({
  errorCode: code.optional(),
  statusCode: code.optional(),
  fields: z.array(z.string().max(255)).nullish(),
});
export type SalesforceError = z.infer<typeof errorSchema>;

export interface SalesforceRefusal {
  readonly operation: string;
  readonly status: number;
  readonly body: string;
}

/**
 * What a code means to the hub. Salesforce's texts change between releases and quote values, so that only the code and
 * the fields' names count.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  INVALID_SESSION_ID: 'unauthorised',
  INVALID_AUTH_HEADER: 'unauthorised',
  REQUEST_LIMIT_EXCEEDED: 'quota_exhausted',
  API_DISABLED_FOR_ORG: 'forbidden',
  API_CURRENTLY_DISABLED: 'forbidden',
  INSUFFICIENT_ACCESS: 'forbidden',
  INSUFFICIENT_ACCESS_OR_READONLY: 'forbidden',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'forbidden',
  UNABLE_TO_LOCK_ROW: 'conflict',
  DUPLICATE_VALUE: 'conflict',
  DUPLICATES_DETECTED: 'conflict',
  DUPLICATE_DEVELOPER_NAME: 'conflict',
  DUPLICATE_EXTERNAL_ID: 'invalid',
  ENTITY_IS_DELETED: 'not_found',
  NOT_FOUND: 'not_found',
  SERVER_UNAVAILABLE: 'transient',
  QUERY_TIMEOUT: 'transient',
  REQUEST_RUNNING_TOO_LONG: 'transient',
  UNKNOWN_EXCEPTION: 'transient',
};

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  300: 'invalid', 400: 'invalid', 401: 'unauthorised', 403: 'forbidden', 404: 'not_found', 408: 'transient', 409: 'conflict',
  412: 'conflict', 429: 'rate_limited',
};

/** What a refused call means to the hub. */
export function salesforceFailure({ operation, status, body }: SalesforceRefusal): Failure {
  const error = firstError(body);
  const kind = kindByCode[error.errorCode ?? ''] ?? kindByStatus[status] ?? (status >= 500 ? 'transient' : 'unexpected');
  return failure(kind, `Salesforce answered ${operation} with ${status}`, error);
}

/** The code of a refused call, where its answer has one. */
export function salesforceErrorCode(body: string): string | undefined {
  return firstError(body).errorCode;
}

/** What the error of one record in a collection means. */
export function salesforceRecordFailure(operation: string, errors: readonly SalesforceError[]): Failure {
  const [error = {}] = errors;
  return failure(kindByCode[error.statusCode ?? error.errorCode ?? ''] ?? 'invalid', `Salesforce refused the record in ${operation}`, error);
}

/**
 * The error of one record in the results of an ingest job, `CODE:text:fields --`.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/get_job_failed_results.htm
 */
export function readRecordError(text: string): SalesforceError {
  const fields = /:([^:]*?) ?--$/.exec(text)?.[1]?.split(',').map((name) => name.trim()).filter((name) => name !== '') ?? [];
  const [statusCode] = /^[A-Z0-9_]{1,100}(?=:)/.exec(text) ?? [];
  return { ...(statusCode !== undefined && { statusCode }), fields };
}

function failure(kind: FailureKind, said: string, { errorCode, statusCode, fields }: SalesforceError): Failure {
  const parts = [errorCode ?? statusCode, fields && fields.length > 0 ? `fields ${fields.join(', ')}` : undefined];
  const known = parts.filter((part) => part !== undefined);
  const [field] = fields ?? [];
  return new Failure(kind, `${said}${known.length > 0 ? ` (${known.join(', ')})` : ''}.`, {
    ...(kind === 'quota_exhausted' && { retryAfterMs: salesforceLimits.quotaRetryMs }),
    ...(field !== undefined && { field }),
  });
}

function firstError(body: string): SalesforceError {
  try {
    return z.array(errorSchema).catch([]).parse(JSON.parse(body))[0] ?? {};
  } catch {
    // A gateway on the way answers with a page instead of JSON.
    return {};
  }
}
