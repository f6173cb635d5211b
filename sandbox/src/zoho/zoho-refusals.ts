import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

/** An error as the CRM interface says it, for a call or for one record of it. */
export interface ZohoError {
  code: string;
  details: Record<string, unknown>;
  message: string;
  status: 'error';
}

export const zohoError = (code: string, message: string, details: Record<string, unknown> = {}): ZohoError => ({ code, details, message, status: 'error' });

/** A refusal that a list of records can repeat for one of them. */
export class ZohoRefusal extends VendorRefusal {
  readonly error: ZohoError;

  constructor(status: number, error: ZohoError, headers: Record<string, string> = {}) {
    super(status, error, headers);
    this.error = error;
  }
}

const refusal = (status: number, code: string, message: string, details: Record<string, unknown> = {}): ZohoRefusal =>
  new ZohoRefusal(status, zohoError(code, message, details));

export const invalidToken = (): ZohoRefusal => refusal(401, 'INVALID_TOKEN', 'invalid oauth token');
export const scopeMismatch = (): ZohoRefusal => refusal(401, 'OAUTH_SCOPE_MISMATCH', 'invalid oauth scope to access this URL');
export const noPermission = (permission: string): ZohoRefusal =>
  refusal(403, 'NO_PERMISSION', 'permission denied', { permissions: [permission] });
export const invalidModule = (): ZohoRefusal =>
  refusal(400, 'INVALID_MODULE', 'the module name given seems to be invalid', { resource_path_index: 0 });
export const invalidUrl = (): ZohoRefusal => refusal(404, 'INVALID_URL_PATTERN', 'Please check if the URL trying to access is a correct one');
export const resourceNotFound = (): ZohoRefusal => refusal(404, 'RESOURCE_NOT_FOUND', 'The requested resource does not exist.');
export const missingParameter = (name: string): ZohoRefusal =>
  refusal(400, 'REQUIRED_PARAM_MISSING', 'One of the expected parameter is missing', { param_name: name });
export const invalidBody = (path: string, message: string): ZohoRefusal => refusal(400, 'INVALID_DATA', `body: ${message}`, { api_name: path });
export const pageTooDeep = (): ZohoRefusal =>
  refusal(400, 'DISCRETE_PAGINATION_LIMIT_EXCEEDED', 'You can only get the first 2000 records without using page_token param.', { limit: 2_000 });
export const pageTokenExpired = (): ZohoRefusal => refusal(400, 'EXPIRED_VALUE', 'page_token has expired', { param: 'page_token' });
export const syntaxError = (reason: string): ZohoRefusal => refusal(400, 'SYNTAX_ERROR', reason, { line: 1 });
export const invalidQuery = (reason: string, details: Record<string, unknown> = {}): ZohoRefusal => refusal(400, 'INVALID_QUERY', reason, details);
export const limitExceeded = (limit: number): ZohoRefusal => refusal(400, 'LIMIT_EXCEEDED', 'limit exceeded', { limit });

/** The vendor documents the status and the code, not the body nor `Retry-After`. */
export const tooManyRequests = (retryAfterSeconds?: number): ZohoRefusal =>
  new ZohoRefusal(
    429,
    zohoError('TOO_MANY_REQUESTS', 'too many requests fired at the same time'),
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );

/** The accounts server says what is wrong with HTTP 200: only the body tells. */
export const tokenRefusal = (error: 'invalid_code' | 'invalid_client' | 'invalid_client_secret' | 'invalid_redirect_uri' | 'unsupported_grant_type'): VendorRefusal =>
  new VendorRefusal(200, { error });

export const tooManyTokens = (): VendorRefusal =>
  new VendorRefusal(400, {
    error_description: 'You have made too many requests continuously. Please try again after some time.',
    error: 'Access Denied',
    status: 'failure',
  });

export const zohoFaultAnswers: FaultAnswers = {
  status: (status) => refusal(status, status >= 500 ? 'INTERNAL_ERROR' : 'INVALID_DATA', status >= 500 ? 'Internal server error occurred.' : 'invalid data'),
  rateLimit: (retryAfterSeconds) => tooManyRequests(retryAfterSeconds),
};
