import type {
  AuthorisationParty, Connection, ConnectionSecrets, ConsentFlow, CredentialFlow, Grant, VendorAuthorisation, VendorScope,
} from '@crossdock/connections';
import { deterministicId, Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { isTestToken, shippoHeaders } from './shippo.api.ts';
import type { ShippoApp } from './shippo.app.ts';
import { shippoCredentials } from './shippo.caller.ts';
import { shippoFailure } from './shippo.errors.ts';
import { shippoLimits, shippoRateLimits } from './shippo.limits.ts';

const carrierAccountsSchema = z.object({ results: z.array(z.object({ object_owner: z.string().min(1).nullish() })) });
const oauthAnswerSchema = z.object({ access_token: z.string().min(8).max(512).regex(/^[\x21-\x7e]+$/), scope: z.string().max(100).optional() });
const oauthRefusalSchema = z.object({ error: z.string().max(100) });
const tokenPattern = /^shippo_(test|live)_[\w-]{8,200}$/;

/** There is one permission, which opens the whole account. */
const shippoScopes: readonly VendorScope[] = [
  { name: '*', reason: 'Asks for rates, buys labels and follows parcels; Shippo knows no finer permission.' },
];

/**
 * Accounts of Shippo by an API token that the administrator copies from Shippo's pages, or by OAuth where Shippo has
 * admitted the installation as a platform. Either token may do everything, does not run out, and is taken back in Shippo's
 * own pages only. OAuth has no PKCE there, and its callback address is registered with Shippo.
 * Sources: https://docs.goshippo.com/docs/Guides_general/Authentication, https://docs.goshippo.com/docs/OAuth_Integrations/OAuth
 */
export class ShippoAuthorisation implements VendorAuthorisation {
  readonly vendor = 'shippo';
  readonly scopes = shippoScopes;
  readonly consent?: ConsentFlow;
  readonly credentials: CredentialFlow;
  readonly #http: OutboundHttp;
  readonly #apiUrl: string;

  /** @param app absent where the installation is no platform of Shippo's. */
  constructor(http: OutboundHttp, { shippoApiUrl }: { readonly shippoApiUrl: string }, app?: ShippoApp) {
    this.#http = http;
    this.#apiUrl = shippoApiUrl;
    if (app) {
      this.consent = {
        authorizationUrl: ({ redirectUri, state }) => {
          const url = new URL(`${app.shippoOauthUrl}/oauth/authorize`);
          url.search = new URLSearchParams({ response_type: 'code', client_id: app.shippoClientId, scope: '*', redirect_uri: redirectUri, state }).toString();
          return url;
        },
        exchangeCode: (party, { code, redirectUri }) => this.#exchangeCode(app, party, code, redirectUri),
      };
    }
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
      throw new Failure('invalid', `Shippo: ${shippoCredentials.apiToken} must be an API token, which begins with shippo_live_ or shippo_test_.`, { pointer: `/credentials/${shippoCredentials.apiToken}` });
    }
    const accountId = await this.#accountOf(party, token);
    const kept = Object.entries(credentials).flatMap(([field, secret]) => (secret === undefined ? [] : [[field, secret] as const]));
    return { accountId, settings: { isTestAccount: mode === 'test' }, secrets: Object.fromEntries(kept) };
  }

  async #exchangeCode({ shippoOauthUrl, shippoClientId, shippoClientSecret }: ShippoApp, party: AuthorisationParty, code: string, redirectUri: string): Promise<Grant> {
    const operation = 'oauth.exchange';
    const response = await this.#http.send({
      vendor: 'shippo', ...party, operation,
      method: 'POST',
      url: `${shippoOauthUrl}/oauth/access_token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: shippoClientId, client_secret: shippoClientSecret,
      }).toString(),
      timeoutMs: shippoLimits.timeoutMs,
    });
    const refusal = oauthRefusalSchema.safeParse(response.json());
    if (refusal.success) throw oauthFailure(operation, response.status, refusal.data.error);
    if (response.status !== 200) throw shippoFailure({ operation, status: response.status, headers: response.headers, body: '' });
    const { access_token: token, scope } = response.read(oauthAnswerSchema, `Shippo's answer to ${operation}`);
    return {
      accountId: await this.#accountOf(party, token), settings: { isTestAccount: false }, secrets: { [shippoCredentials.apiToken]: token },
      ...(scope !== undefined && { grantedScopes: scope.split(' ') }),
    };
  }

  /** The owner is an e-mail address: its digest names the account as well. A test token sees another world than a live one. */
  async #accountOf(party: AuthorisationParty, token: string): Promise<string> {
    return deterministicId('shippo', isTestToken(token) ? 'test' : 'live', await this.#owner(party, token) ?? token);
  }

  /** Who owns the account, by its carrier accounts; undefined where it has none yet. */
  async #owner(party: AuthorisationParty, token: string): Promise<string | undefined> {
    const operation = 'carrierAccounts.list';
    const response = await this.#http.send({
      vendor: 'shippo', ...party, operation,
      method: 'GET',
      url: `${this.#apiUrl}/carrier_accounts?results=1`,
      headers: shippoHeaders(token),
      timeoutMs: shippoLimits.timeoutMs, maxResponseBytes: shippoLimits.maxResponseBytes,
      budget: { limits: shippoRateLimits, settings: { isTestAccount: isTestToken(token) } },
    });
    if (response.status !== 200) throw shippoFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
    return response.read(carrierAccountsSchema, `Shippo's answer to ${operation}`).results[0]?.object_owner ?? undefined;
  }
}

/** Only a refused code asks for a person; a wrong client secret is a fault of this installation. Shippo documents neither. */
function oauthFailure(operation: string, status: number, error: string): Failure {
  if (error === 'invalid_grant') return new Failure('unauthorised', `Shippo refuses ${operation} (${error}): the code has been used or has run out.`);
  if (status >= 500) return new Failure('transient', `Shippo answered ${operation} with ${status}.`);
  return new Failure('unexpected', `Shippo refused ${operation} with ${status}. Check the platform's partner id, secret and callback address.`);
}
