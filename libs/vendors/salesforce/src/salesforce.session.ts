import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { VendorResponse } from '@crossdock/outbound-http';
import { sendAuthorised } from '@crossdock/crm-connector';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { jsforceFor, type SalesforceApiOptions } from './salesforce.api.ts';
import { callOptions } from './salesforce.client-name.ts';
import { salesforceFailure } from './salesforce.errors.ts';
import { salesforceLimits, salesforceRateLimits } from './salesforce.limits.ts';
import { salesforceSettingsSchema, type SalesforceSettings } from './salesforce.mapping.ts';

/** Calls of one connection to its organisation. */
export interface SalesforceSession {
  readonly settings: SalesforceSettings;
  /** jsforce for one call of this name; a creation without an external id is not idempotent. */
  readonly call: (operation: string, options?: { readonly idempotent?: boolean }) => JsforceConnection;
  /** A call of which more is wanted than jsforce tells, such as the answer's headers. @throws Failure where it was refused. */
  readonly request: (operation: string, request: SalesforceRequest) => Promise<VendorResponse>;
  readonly signal: AbortSignal;
}

export interface SalesforceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the version's address. */
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, in the place of a body. */
  readonly csv?: string;
  /** Type of the answer; left out, JSON. */
  readonly accept?: string;
  readonly isIdempotent?: boolean;
}

/** @throws Failure where the connection does not hold what a call needs. */
export function sessionOf(options: SalesforceApiOptions, connection: Connection, signal: AbortSignal): SalesforceSession {
  const settings = salesforceSettingsSchema.safeParse(connection.settings);
  if (!settings.success) throw new Failure('forbidden', 'The settings of the Salesforce connection do not fit: connect it again.', { cause: settings.error });
  const endpoint = salesforceEndpointOf(connection);
  return {
    settings: settings.data,
    signal,
    call: (operation, { idempotent = true } = {}) => jsforceFor(options, endpoint, { connection, operation, signal, idempotent }),
    request: async (operation, { method, path, body, csv, accept = 'application/json', isIdempotent = true }) => {
      const content = csv !== undefined ? { type: 'text/csv; charset=UTF-8', body: csv } : body !== undefined ? { type: 'application/json', body: JSON.stringify(body) } : undefined;
      const response = await sendAuthorised(options, { connection, operation, signal }, {
        method, url: `${endpoint}/services/data/v${salesforceLimits.apiVersion}/${path}`,
        headers: { ...callOptions(connection), accept, ...(content && { 'content-type': content.type }) }, ...(content && { body: content.body }),
        timeoutMs: salesforceLimits.timeoutMs, idempotent: isIdempotent, limits: salesforceRateLimits,
      });
      if (response.status >= 200 && response.status <= 299) return response;
      throw salesforceFailure({ operation, status: response.status, body: response.text() });
    },
  };
}

/** @throws Failure `unauthorised` where nobody knows the organisation's address. */
export function salesforceEndpointOf({ endpoint }: Connection): string {
  if (endpoint !== undefined) return endpoint;
  throw new Failure('unauthorised', 'The Salesforce connection does not know the address of its organisation, or it does not open: connect it again.');
}
