import type { Connection, CredentialVault } from '@crossdock/connections';
import type { OutboundHttp } from '@crossdock/outbound-http';
import type { Shippo } from 'shippo';
import type { z } from 'zod';
import { isTestToken } from './shippo.api.ts';
import { callShippo } from './shippo.call.ts';

/** Names of an account's secrets in the vault. */
export const shippoCredentials = {
  apiToken: 'api_token', webhookToken: 'webhook_token', webhookSecret: 'webhook_secret',
} as const;

export interface ShippoCallerOptions {
  readonly http: OutboundHttp;
  readonly vault: Pick<CredentialVault, 'use'>;
  readonly apiUrl: string;
}

/** One operation of Shippo's interface: what it is called, what its answer looks like, and how the SDK asks for it. */
export interface ShippoOperation<Schema extends z.ZodType> {
  readonly operation: string;
  readonly schema: Schema;
  /** A repeat has no second effect that matters. */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly invoke: (sdk: Shippo) => Promise<unknown>;
}

/** Calls Shippo with the token of a connection, also where that is exchanged meanwhile. */
export class ShippoCaller {
  readonly #options: ShippoCallerOptions;

  constructor(options: ShippoCallerOptions) {
    this.#options = options;
  }

  /** @throws `shippoFailure`'s and OutboundHttp's failures. */
  async call<Schema extends z.ZodType>(
    connection: Connection, { operation, schema, idempotent = false, signal, invoke }: ShippoOperation<Schema>,
  ): Promise<z.infer<Schema>> {
    const { http, vault, apiUrl } = this.#options;
    return vault.use(connection, [shippoCredentials.apiToken], ([apiToken = '']) =>
      callShippo({ http, apiUrl, apiToken, connection, operation, idempotent, signal, schema }, invoke));
  }

  /** Whether the account's token is a test one: nothing is paid with it and no parcel is carried. */
  async isTest(connection: Connection): Promise<boolean> {
    return this.#options.vault.use(connection, [shippoCredentials.apiToken], async ([apiToken = '']) => isTestToken(apiToken));
  }
}
