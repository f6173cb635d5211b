import type {
  AuthorisationParty, Connection, ConnectionSecrets, CredentialFlow, Grant, VendorAuthorisation, VendorScope,
} from '@crossdock/connections';
import { deterministicId, Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { shippoCredentials } from './shippo.client.ts';
import { shippoFailure } from './shippo.errors.ts';
import { shippoLimits, shippoRateLimits } from './shippo.limits.ts';

const carrierAccountsSchema = z.object({ results: z.array(z.object({ object_owner: z.string().min(1).nullish() })) });
const tokenPattern = /^shippo_(test|live)_[\w-]{8,200}$/;

/**
 * Accounts of Shippo by an API token that the administrator copies from Shippo's pages. A token may do everything; Shippo
 * has no scopes for it, does not let it run out, and takes it back in its own pages only.
 * Source: https://docs.goshippo.com/docs/Guides_general/Authentication
 */
export class ShippoAuthorisation implements VendorAuthorisation {
  readonly vendor = 'shippo';
  readonly scopes: readonly VendorScope[] = [];
  readonly credentials: CredentialFlow;
  readonly #http: OutboundHttp;
  readonly #apiUrl: string;

  constructor(http: OutboundHttp, { shippoApiUrl }: { readonly shippoApiUrl: string }) {
    this.#http = http;
    this.#apiUrl = shippoApiUrl;
    this.credentials = { authorise: (party, given) => this.#authorise(party, given.credentials) };
  }

  async revoke(): Promise<'not_offered'> {
    return 'not_offered';
  }

  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    await this.#owner({ tenantId: connection.tenantId, connectionId: connection.id, signal }, secrets[shippoCredentials.apiToken] ?? '');
  }

  async #authorise(party: AuthorisationParty, credentials: ConnectionSecrets): Promise<Grant> {
    const token = credentials[shippoCredentials.apiToken];
    const mode = tokenPattern.exec(token ?? '')?.[1];
    if (token === undefined || mode === undefined) {
      throw new Failure('invalid', `Shippo: ${shippoCredentials.apiToken} must be an API token, which begins with shippo_live_ or shippo_test_.`);
    }
    const owner = await this.#owner(party, token);
    const kept = Object.entries(credentials).flatMap(([field, secret]) => (secret === undefined ? [] : [[field, secret] as const]));
    // The owner is an e-mail address: its digest names the account as well. A test token sees another world than a live one.
    return { accountId: deterministicId('shippo', mode, owner ?? token), settings: { isTestAccount: mode === 'test' }, secrets: Object.fromEntries(kept) };
  }

  /** Who owns the account, by its carrier accounts; undefined where it has none yet. */
  async #owner(party: AuthorisationParty, token: string): Promise<string | undefined> {
    const operation = 'carrierAccounts.list';
    const response = await this.#http.send({
      vendor: 'shippo', ...party, operation,
      method: 'GET',
      url: `${this.#apiUrl}/carrier_accounts?results=1`,
      headers: { authorization: `ShippoToken ${token}`, 'shippo-api-version': shippoLimits.apiVersion, accept: 'application/json' },
      timeoutMs: shippoLimits.timeoutMs, maxResponseBytes: shippoLimits.maxResponseBytes,
      budget: { limits: shippoRateLimits, settings: { isTestAccount: token.startsWith('shippo_test_') } },
    });
    if (response.status !== 200) throw shippoFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
    return response.read(carrierAccountsSchema, `Shippo's answer to ${operation}`).results[0]?.object_owner ?? undefined;
  }
}
