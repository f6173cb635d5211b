import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

const refusal = (status: number, detail: string, headers: Record<string, string> = {}): VendorRefusal =>
  new VendorRefusal(status, { detail }, headers);

export const missingCredentials = (): VendorRefusal => refusal(401, 'Authentication credentials were not provided.');
export const unknownShippoToken = (): VendorRefusal => refusal(401, 'Token does not exist');
export const notFound = (): VendorRefusal => refusal(404, 'Not found.');

/** The names are those of RFC 6749; Shippo's page shows no refusal. */
export const oauthRefusal = (error: 'invalid_grant' | 'invalid_client' | 'unsupported_grant_type'): VendorRefusal =>
  new VendorRefusal(error === 'invalid_client' ? 401 : 400, { error });

/** Faults of a field are listed under its name. */
export const invalidField = (path: string, message: string): VendorRefusal =>
  path === '' ? refusal(400, message) : new VendorRefusal(400, { [path]: [message] });

export const shippoFaultAnswers: FaultAnswers = {
  status: (status) => refusal(status, status >= 500 ? 'A server error occurred.' : 'The request was refused.'),
  // Shippo documents the status only; the text is the one its framework gives.
  rateLimit: (retryAfterSeconds) =>
    refusal(
      429,
      'Request was throttled.',
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    ),
};
