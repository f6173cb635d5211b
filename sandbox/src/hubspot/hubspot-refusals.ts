import { randomUUID } from 'node:crypto';
import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

export type ErrorCategory =
  | 'VALIDATION_ERROR'
  | 'CONFLICT'
  | 'OBJECT_NOT_FOUND'
  | 'INVALID_AUTHENTICATION'
  | 'EXPIRED_AUTHENTICATION';

export interface HubSpotError {
  status: 'error';
  message: string;
  correlationId: string;
  category?: ErrorCategory;
  context?: Record<string, string[]>;
}

export interface PropertyFault {
  isValid: false;
  message: string;
  error: string;
  name: string;
}

const errorBody = (message: string, category?: ErrorCategory, context?: Record<string, string[]>): HubSpotError => ({
  status: 'error',
  message,
  correlationId: randomUUID(),
  ...(category === undefined ? {} : { category }),
  ...(context === undefined ? {} : { context }),
});

/** A refusal with HubSpot's common error body, which a batch can repeat for one of its inputs. */
export class HubSpotRefusal extends VendorRefusal {
  readonly error: HubSpotError;

  constructor(status: number, error: HubSpotError) {
    super(status, error);
    this.error = error;
  }
}

export const invalid = (message: string): VendorRefusal =>
  new HubSpotRefusal(400, errorBody(message, 'VALIDATION_ERROR'));

export const invalidInput = (path: string, message: string): VendorRefusal =>
  invalid(`Invalid input JSON${path === '' ? '' : ` at ${path}`}: ${message}`);

/** One message holds all faults as JSON text (HubSpot's changelog of 2023-07 shows the form). */
export const invalidProperties = (faults: PropertyFault[]): VendorRefusal =>
  invalid(`Property values were not valid: ${JSON.stringify(faults)}`);

export const unknownObjectType = (type: string): VendorRefusal =>
  new HubSpotRefusal(400, errorBody(`Unable to infer object type from: ${type}`));

export const notFound = (): VendorRefusal => new HubSpotRefusal(404, errorBody('resource not found'));

export const notUnique = (typeId: string, property: string, portalId: number): VendorRefusal =>
  invalid(`Unable to perform update/upsert by non-unique ${typeId} property ${property} in portal ID ${String(portalId)}`);

export const alreadyExists = (noun: string, existingId: string): VendorRefusal =>
  new HubSpotRefusal(
    409,
    errorBody(`${noun} already exists. Existing ID: ${existingId}`, 'CONFLICT', { existingId: [existingId] }),
  );

export const unauthenticated = (): VendorRefusal =>
  new VendorRefusal(
    401,
    errorBody('Authentication credentials not found. This API supports OAuth 2.0 authentication.', 'INVALID_AUTHENTICATION'),
  );

export const unknownToken = (): VendorRefusal =>
  new VendorRefusal(401, errorBody('The OAuth token used to make this call is not valid.', 'INVALID_AUTHENTICATION'));

export const expiredToken = (expiredForMs: number): VendorRefusal => {
  const seconds = Math.max(0, Math.floor(expiredForMs / 1000));
  return new VendorRefusal(
    401,
    errorBody(`The OAuth token used to make this call expired ${String(seconds)} second(s) ago.`, 'EXPIRED_AUTHENTICATION'),
  );
};

export const missingScopes = (scopes: string[]): VendorRefusal =>
  new VendorRefusal(403, {
    status: 'error',
    message: "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    correlationId: randomUUID(),
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } }],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
    category: 'MISSING_SCOPES',
  });

export const tooManyRequests = (policyName: 'TEN_SECONDLY_ROLLING' | 'DAILY', retryAfterSeconds?: number): VendorRefusal =>
  new VendorRefusal(
    429,
    {
      status: 'error',
      message: policyName === 'DAILY' ? 'You have reached your daily limit.' : 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      correlationId: randomUUID(),
      policyName,
      requestId: randomUUID(),
    },
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );

/** Search has a limit of its own, with a shorter body and no rate headers. */
export const tooManySearches = (): VendorRefusal =>
  new VendorRefusal(429, {
    status: 'error',
    message: 'You have reached your secondly limit.',
    errorType: 'RATE_LIMIT',
  });

export type OAuthFault =
  | 'BAD_REFRESH_TOKEN'
  | 'BAD_AUTH_CODE'
  | 'BAD_CLIENT_ID'
  | 'BAD_CLIENT_SECRET'
  | 'BAD_REDIRECT_URI'
  | 'BAD_CODE_VERIFIER'
  | 'BAD_GRANT_TYPE';

const oauthFaults: Record<OAuthFault, [error: string, description: string]> = {
  BAD_REFRESH_TOKEN: ['invalid_grant', 'refresh token is invalid, expired or revoked'],
  BAD_AUTH_CODE: ['invalid_grant', 'missing or unknown auth code'],
  BAD_CLIENT_ID: ['invalid_client', 'missing or unknown client id'],
  BAD_CLIENT_SECRET: ['invalid_client', 'missing or invalid client secret'],
  BAD_REDIRECT_URI: ['invalid_grant', 'missing or invalid redirect URI'],
  BAD_CODE_VERIFIER: ['invalid_grant', 'missing or invalid code verifier'],
  BAD_GRANT_TYPE: ['unsupported_grant_type', 'missing or unknown grant type'],
};

export const oauthRefusal = (status: OAuthFault): VendorRefusal => {
  const [error, description] = oauthFaults[status];
  return new VendorRefusal(400, {
    error,
    error_description: description,
    status,
    message: description,
    correlationId: randomUUID(),
  });
};

export const hubSpotFaultAnswers: FaultAnswers = {
  status: (status) => new VendorRefusal(status, errorBody('internal error')),
  rateLimit: (retryAfterSeconds) => tooManyRequests('TEN_SECONDLY_ROLLING', retryAfterSeconds),
};
