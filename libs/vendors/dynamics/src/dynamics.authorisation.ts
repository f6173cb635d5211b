import {
  toTokenSet, type AuthorisationParty, type Connection, type ConnectionSecrets, type ConnectionSettings, type ConsentFlow, type CredentialFlow, type Grant, type TokenSet, type VendorAuthorisation,
} from '@crossdock/connections';
import { asFailure, Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import { DynamicsSession } from './dynamics.api.ts';
import type { DynamicsApp } from './dynamics.app.ts';
import { dynamicsFailure } from './dynamics.errors.ts';
import { dynamicsLimits, dynamicsVendorLimits } from './dynamics.limits.ts';
import { dynamicsScopes } from './dynamics.scopes.ts';
import { directoryOf, dynamicsEndpointOf, dynamicsSettingsOf } from './dynamics.settings.ts';
import { unsubscribeFromDynamics } from './dynamics.subscription.ts';

const tokensSchema = z.object({
  access_token: z.string().min(1).max(16_384),
  refresh_token: z.string().min(1).max(16_384).optional(),
  expires_in: z.int().positive(),
  scope: z.string().max(4_096).optional(),
});
const identitySchema = z.object({ OrganizationId: z.uuid() });
const refusalSchema = z.object({ error: z.string().max(100), error_codes: z.array(z.int()).max(10).optional() });

/** Names of the secrets of an environment that is connected by the tenant's own app. */
const dynamicsCredentials = { clientId: 'client_id', clientSecret: 'client_secret' } as const;

/** An app that asks Entra for tokens. */
interface EntraClient {
  readonly id: string;
  readonly secret: string;
}

/** What asks for a person: the grant itself is refused, or the directory wants something that only a person can do. */
const refusedGrants: ReadonlySet<string> = new Set(['invalid_grant', 'interaction_required', 'consent_required', 'login_required']);

/**
 * Environments of Dynamics 365 by Microsoft Entra: by the consent of a user, with PKCE, or by the client credentials of an
 * app that the tenant itself has registered and made a user of the environment. The installation's app does not serve for
 * that: whoever knew the address of an environment that once let it in could connect it. Each renewal gives another refresh token. Entra's numbers
 * (`AADSTS…`) may change, so that only `error` decides; they go into messages for people.
 * Sources: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow,
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class DynamicsAuthorisation implements VendorAuthorisation {
  readonly vendor = 'dynamics';
  readonly scopes = dynamicsScopes;
  readonly consent: ConsentFlow;
  readonly credentials: CredentialFlow;
  readonly #http: OutboundHttp;
  readonly #app: DynamicsApp;

  constructor(http: OutboundHttp, app: DynamicsApp) {
    this.#http = http;
    this.#app = app;
    this.consent = {
      authorizationUrl: (request) => this.#authorizationUrl(request),
      exchangeCode: (party, exchange) => this.#exchangeCode(party, exchange),
    };
    this.credentials = { authorise: (party, given) => this.#authorise(party, given) };
  }

  async refresh(connection: Connection, refreshToken: string | undefined, signal: AbortSignal, secrets: ConnectionSecrets = {}): Promise<TokenSet> {
    const endpoint = dynamicsEndpointOf(connection);
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    if (dynamicsSettingsOf(connection.settings).grantType === 'client_credentials') {
      const client = clientIn(secrets);
      if (!client) throw new Failure('unauthorised', 'The credentials of the tenant’s own app are missing; connect the environment again.');
      return toTokenSet(await this.#clientToken(party, endpoint, connection.settings, client));
    }
    if (refreshToken === undefined) throw new Failure('unauthorised', 'Microsoft Entra gave no refresh token; connect the environment again.');
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, scope: delegatedScope(endpoint) };
    return toTokenSet(await this.#token(party, 'oauth.refresh', connection.settings, this.#ownClient, form));
  }

  settingsAgain({ settings, endpoint }: Connection): ConnectionSettings {
    return endpoint === undefined ? settings : { ...settings, environmentUrl: endpoint };
  }

  /**
   * Has the environment tell of no more changes. Entra has no way to take one authorisation back; an administrator removes
   * the app's consent in the directory.
   */
  async revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'not_offered'> {
    const renew = async (): Promise<string> => (await this.refresh(connection, secrets['refresh_token'], signal, secrets)).accessToken;
    const tokens = { get: async () => secrets['access_token'] ?? await renew(), refreshAfter401: renew };
    try {
      await unsubscribeFromDynamics(new DynamicsSession({ http: this.#http, tokens }, connection, signal));
    } catch (thrown) {
      const { kind } = asFailure(thrown);
      // Who may not enter any more has nothing to take away.
      if (kind !== 'unauthorised' && kind !== 'forbidden' && kind !== 'not_found') throw thrown;
    }
    return 'not_offered';
  }

  /** Asking whose the token is reads nothing and shows that the environment lets it in. */
  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    await this.#whoAmI(party, 'probe', dynamicsEndpointOf(connection), secrets['access_token'] ?? '');
  }

  #authorizationUrl({ redirectUri, state, codeChallenge, settings }: Parameters<ConsentFlow['authorizationUrl']>[0]): URL {
    const url = new URL(`${this.#app.dynamicsLoginUrl}/${directoryOf(settings)}${dynamicsLimits.oauthPath}/authorize`);
    url.search = new URLSearchParams({
      client_id: this.#app.dynamicsClientId, response_type: 'code', redirect_uri: redirectUri, response_mode: 'query',
      scope: delegatedScope(this.#environmentIn(settings)), state, code_challenge: codeChallenge, code_challenge_method: 'S256', prompt: 'select_account',
    }).toString();
    return url;
  }

  async #exchangeCode(party: AuthorisationParty, { code, redirectUri, codeVerifier, settings }: Parameters<ConsentFlow['exchangeCode']>[1]): Promise<Grant> {
    const endpoint = this.#environmentIn(settings);
    const answer = await this.#token(party, 'oauth.exchange', settings, this.#ownClient, {
      grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier, scope: delegatedScope(endpoint),
    });
    return this.#grantOf(party, endpoint, answer, { ...settings, grantType: 'authorization_code' });
  }

  async #authorise(party: AuthorisationParty, { credentials, settings }: Parameters<CredentialFlow['authorise']>[1]): Promise<Grant> {
    const endpoint = this.#environmentIn(settings);
    if (directoryOf(settings) === 'organizations') throw new Failure('invalid', 'Give the id of the Microsoft Entra directory as directoryId.', { pointer: '/settings/directoryId' });
    for (const field of Object.values(dynamicsCredentials)) {
      if (credentials[field] === undefined) throw new Failure('invalid', `Give ${field} of an app that is registered in your own Microsoft Entra directory.`, { pointer: `/credentials/${field}` });
    }
    const client = clientIn(credentials);
    if (!client || client.id === this.#app.dynamicsClientId) {
      throw new Failure('invalid', 'client_id must be of an app of your own, not of this installation’s: only its secret shows that the environment is yours.', { pointer: '/credentials/client_id' });
    }
    const answer = await this.#clientToken(party, endpoint, settings, client);
    const secrets = Object.fromEntries(Object.entries(credentials).filter((entry): entry is [string, string] => entry[1] !== undefined));
    return { ...await this.#grantOf(party, endpoint, answer, { ...settings, grantType: 'client_credentials' }), secrets };
  }

  async #grantOf(party: AuthorisationParty, endpoint: string, answer: z.infer<typeof tokensSchema>, settings: ConnectionSettings): Promise<Grant> {
    const { OrganizationId: accountId } = await this.#whoAmI(party, 'whoAmI', endpoint, answer.access_token);
    const { environmentUrl: _kept, ...rest } = settings;
    return {
      accountId, accountName: nameOf(endpoint), endpoint, settings: rest, tokens: toTokenSet(answer),
      ...(answer.scope !== undefined && { grantedScopes: grantedScopes(answer) }),
    };
  }

  /** @throws Failure `invalid` where the settings name no environment of Dynamics. */
  #environmentIn(settings: ConnectionSettings): string {
    const parsed = z.url({ protocol: /^https?$/ }).safeParse(settings['environmentUrl']);
    const url = parsed.success ? new URL(parsed.data) : undefined;
    const isKnown = url !== undefined && this.#app.dynamicsEnvironmentDomains.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
    if (!isKnown) throw new Failure('invalid', 'Give the address of the Dynamics 365 environment as environmentUrl, such as https://contoso.crm.dynamics.com.', { pointer: '/settings/environmentUrl' });
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  }

  async #whoAmI(party: AuthorisationParty, operation: string, endpoint: string, token: string): Promise<z.infer<typeof identitySchema>> {
    const response = await this.#http.send({
      vendor: 'dynamics', ...party, operation,
      budget: { limits: dynamicsVendorLimits, settings: {} },
      method: 'GET',
      url: `${endpoint}${dynamicsLimits.apiPath}/WhoAmI`,
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      timeoutMs: dynamicsLimits.timeoutMs,
    });
    if (response.status !== 200) throw dynamicsFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
    return response.read(identitySchema, `Microsoft's answer to ${operation}`);
  }

  get #ownClient(): EntraClient {
    return { id: this.#app.dynamicsClientId, secret: this.#app.dynamicsClientSecret };
  }

  #clientToken(party: AuthorisationParty, endpoint: string, settings: ConnectionSettings, client: EntraClient): Promise<z.infer<typeof tokensSchema>> {
    return this.#token(party, 'oauth.clientCredentials', settings, client, { grant_type: 'client_credentials', scope: `${endpoint}/.default` });
  }

  async #token(
    party: AuthorisationParty, operation: string, settings: ConnectionSettings, client: EntraClient, form: Readonly<Record<string, string>>,
  ): Promise<z.infer<typeof tokensSchema>> {
    const response = await this.#http.send({
      vendor: 'dynamics', ...party, operation,
      method: 'POST',
      url: `${this.#app.dynamicsLoginUrl}/${directoryOf(settings)}${dynamicsLimits.oauthPath}/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ ...form, client_id: client.id, client_secret: client.secret }).toString(),
      timeoutMs: dynamicsLimits.tokenTimeoutMs,
      // A code works once; everything else may be asked for again.
      idempotent: form['grant_type'] !== 'authorization_code',
    });
    if (response.status !== 200) throw entraFailure(operation, response);
    return response.read(tokensSchema, `Microsoft's answer to ${operation}`);
  }
}

function clientIn(secrets: ConnectionSecrets): EntraClient | undefined {
  const { [dynamicsCredentials.clientId]: id, [dynamicsCredentials.clientSecret]: secret } = secrets;
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** What stands before Microsoft's domain; the address itself is kept sealed. */
function nameOf(endpoint: string): string {
  const { hostname } = new URL(endpoint);
  return hostname.split('.')[0] ?? hostname;
}

function delegatedScope(endpoint: string): string {
  return dynamicsScopes.map(({ name }) => (name === 'offline_access' ? name : `${endpoint}/${name}`)).join(' ');
}

/** Entra lists scopes with the environment's address before them, and shows `offline_access` by giving a refresh token. */
function grantedScopes({ scope, refresh_token: refreshToken }: z.infer<typeof tokensSchema>): string[] {
  return [...(scope ?? '').split(' ').map((name) => name.split('/').at(-1) ?? name), ...(refreshToken === undefined ? [] : ['offline_access'])];
}

/** Only a refused grant, or a refused app of the tenant's own, asks for a person of the tenant; else a wrong secret is a fault of this installation. */
function entraFailure(operation: string, response: VendorResponse): Failure {
  const refusal = refusalSchema.safeParse(response.json());
  if (!refusal.success || response.status >= 500 || response.status === 429) {
    return dynamicsFailure({ operation, status: response.status, headers: response.headers, body: '' });
  }
  const { error, error_codes: [number] = [] } = refusal.data;
  const code = `${error}${number === undefined ? '' : `, AADSTS${number}`}`;
  if (error === 'temporarily_unavailable') return new Failure('transient', `Microsoft Entra is busy (${code}).`);
  if (refusedGrants.has(error)) return new Failure('unauthorised', `Microsoft Entra refuses ${operation} (${code}): the consent was revoked or has run out, or a person has to sign in.`);
  if (operation === 'oauth.clientCredentials') {
    return new Failure('unauthorised', error === 'invalid_client'
      ? `Microsoft Entra does not accept the secret of your app (${code}): it is wrong or has run out; make a new one and connect the environment again.`
      : `Microsoft Entra refuses your app in this directory (${code}): an administrator has to consent to it and make it a user of the environment.`);
  }
  return new Failure('unexpected', `Microsoft Entra refused ${operation} with ${response.status} (${code}). Check the app's client id, secret and callback address.`);
}
