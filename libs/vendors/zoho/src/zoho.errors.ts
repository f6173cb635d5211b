import { Failure, type FailureKind } from '@crossdock/contracts';
import { retryAfterMs } from '@crossdock/rate-budgets';
import { z } from 'zod';
import { zohoLimits } from './zoho.limits.ts';
import { keyField, orderStatusField } from './zoho.mapping.ts';

/** An error as it is said of a call, or of one record in it. */
export const zohoErrorSchema = z.object({
  code: z.string().max(100),
  details: z.object({ api_name: z.string().max(100).optional(), column_name: z.string().max(200).optional() }).catch({}),
});
export type ZohoError = z.infer<typeof zohoErrorSchema>;

/**
 * What a code means to the hub. Zoho's texts may name values, so that only the code and the field's name count.
 * Source: https://github.com/zoho/crm-oas, v8.0/record.json, API_Exception
 */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  INVALID_TOKEN: 'unauthorised',
  AUTHENTICATION_FAILURE: 'unauthorised',
  OAUTH_SCOPE_MISMATCH: 'forbidden',
  NO_PERMISSION: 'forbidden',
  INVALID_MODULE: 'forbidden',
  FEATURE_NOT_SUPPORTED: 'forbidden',
  STORAGE_SPACE_EXCEEDED: 'forbidden',
  TOO_MANY_REQUESTS: 'rate_limited',
  RECORD_LOCKED: 'conflict',
  DUPLICATE_DATA: 'conflict',
  NOT_FOUND: 'not_found',
  INTERNAL_ERROR: 'transient',
};

export interface ZohoRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a refused call means to the hub. */
export function zohoFailure({ operation, status, headers, body }: ZohoRefusal): Failure {
  const error = readError(body);
  const kind = kindByCode[error?.code ?? ''] ?? kindByStatus(status);
  const at = `Zoho answered ${operation} with ${status}${error ? ` (${said(error)})` : ''}`;
  if (isMissingHubField(error)) return new Failure('dependency_missing', `${at}: a field of the hub's own is not set up in this organisation.`);
  switch (kind) {
    case 'unauthorised': return new Failure(kind, `${at}: it does not accept the connection's token. Reconnect the account.`);
    case 'forbidden': return new Failure(kind, `${at}: the app lacks a scope, or the user a permission, or the edition the feature.`);
    case 'rate_limited': return new Failure(kind, `${at}: too many calls.`, { retryAfterMs: retryAfterMs(headers) ?? zohoLimits.tooManyRequestsRetryMs });
    default: return new Failure(kind, at, fieldOf(error));
  }
}

/** What the error of one record in a call means. */
export function zohoRecordFailure(operation: string, error: ZohoError): Failure {
  return new Failure(kindByCode[error.code] ?? 'invalid', `Zoho refused the record in ${operation} (${said(error)}).`, fieldOf(error));
}

function kindByStatus(status: number): FailureKind {
  if (status >= 500 || status === 408) return 'transient';
  return ({ 400: 'invalid', 401: 'unauthorised', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 413: 'invalid', 429: 'rate_limited' } as const)[status] ?? 'unexpected';
}

/** A query that names the field, or an upsert by it, is refused where the organisation does not have it. */
function isMissingHubField(error: ZohoError | undefined): boolean {
  if (error?.code === 'INVALID_QUERY') return [keyField, orderStatusField].includes(error.details.column_name ?? '');
  return error?.code === 'INVALID_DATA' && error.details.api_name === 'duplicate_check_fields';
}

/** The error of a refused call; undefined where the body holds none. */
export function readError(body: string): ZohoError | undefined {
  try {
    return zohoErrorSchema.safeParse(JSON.parse(body)).data;
  } catch {
    // A gateway on the way answers with a page instead of JSON.
    return undefined;
  }
}

const said = ({ code, details }: ZohoError): string => (details.api_name === undefined ? code : `${code} of ${details.api_name}`);

/** A query names the column that it does not know, everything else the field. */
function fieldOf(error: ZohoError | undefined): { field?: string } {
  const field = error?.details.api_name ?? error?.details.column_name;
  return field === undefined ? {} : { field };
}
