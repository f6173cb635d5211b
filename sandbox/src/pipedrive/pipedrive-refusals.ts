import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

const errorInfo = 'Please check developers.pipedrive.com';

/** A refusal in the form of both versions of the interface. */
export const pipedriveRefusal = (
  status: number, error: string, more: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {},
): VendorRefusal => new VendorRefusal(status, { success: false, error, errorCode: status, error_info: errorInfo, ...more }, headers);

export const unauthorised = (): VendorRefusal => pipedriveRefusal(401, 'unauthorized access');
export const invalidToken = (): VendorRefusal => pipedriveRefusal(401, 'Invalid token: access_token is invalid');
export const scopeMismatch = (): VendorRefusal => pipedriveRefusal(403, 'Scope and URL mismatch');
export const notFound = (what: string): VendorRefusal => pipedriveRefusal(404, `${what} not found`);
export const noSuchAddress = (): VendorRefusal => pipedriveRefusal(404, 'Unknown method .');

/** Version 2 checks each request against its description and names the first thing that does not fit. */
export const schemaFault = (path: string, reason: string): VendorRefusal =>
  new VendorRefusal(400, {
    success: false, error: `Validation failed: ${path === '' ? 'body' : path}: ${reason}`, code: 'ERR_SCHEMA_VALIDATION_FAILED', error_info: errorInfo,
  });

/** The webhook endpoints list their faults by field. */
export const webhookFault = (status: number, errors: Readonly<Record<string, readonly string[]>>): VendorRefusal =>
  new VendorRefusal(status, { status: 'error', success: false, errors });

/** Too many calls in two seconds; `reset` is the rest of the window in seconds. */
export const burstExceeded = (limit: number, resetSeconds: number): VendorRefusal =>
  pipedriveRefusal(429, 'Request over limit', {}, {
    'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetSeconds),
  });

/** The company's tokens of the day are used up; the header says so, and nothing says until when. */
export const dayExhausted = (dailyTokens: number): VendorRefusal =>
  pipedriveRefusal(429, 'Request over limit', {}, {
    'x-daily-ratelimit-token-limit': String(dailyTokens), 'x-daily-ratelimit-token-remaining': '0',
  });

/** The OAuth server answers every fault of a request with 400 and one sentence. */
export const oauthRefusal = (error: string, message: string): VendorRefusal => new VendorRefusal(400, { success: false, error, message });

export const pipedriveFaultAnswers: FaultAnswers = {
  status: (status) => pipedriveRefusal(status, status >= 500 ? 'Internal Server Error' : 'Request not understood'),
  rateLimit: (retryAfterSeconds) => burstExceeded(20, retryAfterSeconds ?? 2),
};
