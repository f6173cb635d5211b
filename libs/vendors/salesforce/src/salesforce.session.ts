import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { jsforceFor, type SalesforceApiOptions } from './salesforce.api.ts';
import { salesforceSettingsSchema, type SalesforceSettings } from './salesforce.mapping.ts';

/** Calls of one connection to its organisation. */
export interface SalesforceSession {
  readonly settings: SalesforceSettings;
  /** jsforce for one call of this name; a creation without an external id is not idempotent. */
  readonly call: (operation: string, options?: { readonly idempotent?: boolean }) => JsforceConnection;
}

/** @throws Failure where the connection does not hold what a call needs. */
export function sessionOf(options: SalesforceApiOptions, connection: Connection, signal: AbortSignal): SalesforceSession {
  const settings = salesforceSettingsSchema.safeParse(connection.settings);
  if (!settings.success) throw new Failure('forbidden', 'The settings of the Salesforce connection do not fit: connect it again.', { cause: settings.error });
  const endpoint = salesforceEndpointOf(connection);
  return {
    settings: settings.data,
    call: (operation, { idempotent = true } = {}) => jsforceFor(options, endpoint, { connection, operation, signal, idempotent }),
  };
}

/** @throws Failure `unauthorised` where nobody knows the organisation's address. */
export function salesforceEndpointOf({ endpoint }: Connection): string {
  if (endpoint !== undefined) return endpoint;
  throw new Failure('unauthorised', 'The Salesforce connection does not know the address of its organisation, or it does not open: connect it again.');
}
