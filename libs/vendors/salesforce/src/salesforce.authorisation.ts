import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  toTokenSet, type AuthorisationParty, type Connection, type ConnectionSecrets, type ConsentFlow, type Grant, type TokenSet, type VendorAuthorisation,
} from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { SalesforceApp } from './salesforce.app.ts';
import { salesforceFailure } from './salesforce.errors.ts';
import { salesforceLimits, salesforceRateLimits } from './salesforce.limits.ts';
import { loginAddress, readLogin } from './salesforce.login.ts';
import { salesforceScopes } from './salesforce.scopes.ts';

const tokensSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096).optional(),
});
const grantSchema = tokensSchema.extend({
  id: z.string().max(512),
  issued_at: z.string().max(32),
  signature: z.string().max(128),
  instance_url: z.url(),
  scope: z.string().max(2_048).optional(),
});
const refusalSchema = z.object({ error: z.string().max(100) });
/** `…/id/<organisation>/<user>`, both with 15 or 18 characters. */
const identitySchema = z.string().regex(/\/id\/00D\w{12}(\w{3})?\/005\w{12}(\w{3})?$/);

/**
 * Organisations of Salesforce by OAuth with PKCE. The answer does not say how long a token lives (that is the
 * organisation's session timeout), so that it is used until Salesforce refuses it. Where the app rotates refresh tokens,
 * each works once and the new one is kept.
 * Sources: https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm,
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm
 */
export class SalesforceAuthorisation implements VendorAuthorisation {
  readonly vendor = 'salesforce';
  readonly scopes = salesforceScopes;
  readonly consent: ConsentFlow;
  readonly #http: OutboundHttp;
  readonly #app: SalesforceApp;

  constructor(http: OutboundHttp, app: SalesforceApp) {
    this.#http = http;
    this.#app = app;
    this.consent = {
      authorizationUrl: (request) => this.#authorizationUrl(request),
      exchangeCode: (party, exchange) => this.#exchangeCode(party, exchange),
    };
  }

  async refresh(connection: Connection, refreshToken: string | undefined, signal: AbortSignal): Promise<TokenSet> {
    if (refreshToken === undefined) throw new Failure('unauthorised', 'Salesforce gave no refresh token; connect the organisation again.');
    const operation = 'oauth.refresh';
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    const response = await this.#post(party, operation, `${this.#loginOf(connection)}/services/oauth2/token`, this.#withApp({
      grant_type: 'refresh_token', refresh_token: refreshToken,
    }));
    return toTokenSet(response.read(tokensSchema, `Salesforce's answer to ${operation}`));
  }

  /** Revoking the refresh token ends the access tokens that came of it. */
  async revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'revoked'> {
    const token = secrets['refresh_token'] ?? secrets['access_token'];
    if (token === undefined) return 'revoked';
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    try {
      await this.#post(party, 'oauth.revoke', `${this.#loginOf(connection)}/services/oauth2/revoke`, { token });
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'unauthorised') throw thrown;
    }
    return 'revoked';
  }

  /** Asking for the limits costs one call and shows that the session and the interface are there. */
  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    const operation = 'probe';
    const response = await this.#http.send({
      vendor: 'salesforce', tenantId: connection.tenantId, connectionId: connection.id, operation, signal,
      budget: { limits: salesforceRateLimits, settings: connection.settings },
      method: 'GET',
      url: `${connection.endpoint ?? ''}/services/data/v${salesforceLimits.apiVersion}/sobjects`,
      headers: { authorization: `Bearer ${secrets['access_token'] ?? ''}`, accept: 'application/json' },
      timeoutMs: salesforceLimits.timeoutMs,
    });
    if (response.status !== 200) throw salesforceFailure({ operation, status: response.status, body: response.text() });
  }

  #authorizationUrl({ redirectUri, state, codeChallenge, settings }: Parameters<ConsentFlow['authorizationUrl']>[0]): URL {
    const url = new URL(`${loginAddress(this.#app, readLogin(settings))}/services/oauth2/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code', client_id: this.#app.salesforceClientId, redirect_uri: redirectUri, state,
      scope: salesforceScopes.map(({ name }) => name).join(' '),
      code_challenge: codeChallenge, code_challenge_method: 'S256',
    }).toString();
    return url;
  }

  async #exchangeCode(
    party: AuthorisationParty, { code, redirectUri, codeVerifier, settings }: Parameters<ConsentFlow['exchangeCode']>[1],
  ): Promise<Grant> {
    const operation = 'oauth.exchange';
    const login = readLogin(settings);
    const response = await this.#post(party, operation, `${loginAddress(this.#app, login)}/services/oauth2/token`, this.#withApp({
      grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier,
    }));
    const answer = response.read(grantSchema, `Salesforce's answer to ${operation}`);
    this.#checkSignature(answer);
    const accountId = organisationOf(answer.id);
    return {
      accountId, endpoint: answer.instance_url, settings: { ...login }, tokens: toTokenSet(answer),
      ...(answer.scope !== undefined && { grantedScopes: answer.scope.split(' ') }),
    };
  }

  #loginOf(connection: Connection): string {
    return loginAddress(this.#app, readLogin(connection.settings));
  }

  #withApp(form: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return { ...form, client_id: this.#app.salesforceClientId, client_secret: this.#app.salesforceClientSecret };
  }

  /** The answer proves who it is about: base64 HMAC-SHA256 of `id` and `issued_at` under the client secret. */
  #checkSignature({ id, issued_at: issuedAt, signature }: z.infer<typeof grantSchema>): void {
    const expected = createHmac('sha256', this.#app.salesforceClientSecret).update(id + issuedAt).digest();
    const given = Buffer.from(signature, 'base64');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    throw new Failure('unexpected', 'The signature of Salesforce’s token answer is wrong; nothing was connected.');
  }

  async #post(party: AuthorisationParty, operation: string, url: string, form: Readonly<Record<string, string>>): Promise<VendorResponse> {
    const response = await this.#http.send({
      vendor: 'salesforce', ...party, operation,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: salesforceLimits.tokenTimeoutMs,
    });
    if (response.status !== 200) throw oauthFailure(operation, response);
    return response;
  }
}

function organisationOf(identity: string): string {
  if (!identitySchema.safeParse(identity).success) throw new Failure('unexpected', 'Salesforce’s token answer does not name the organisation.');
  return identity.split('/').at(-2) ?? '';
}

const refusedGrants = new Set(['invalid_grant', 'inactive_user', 'inactive_org', 'invalid_token', 'unsupported_token_type']);

/** Only a refused token or code asks for a person; a wrong client secret is a fault of this installation. */
function oauthFailure(operation: string, response: VendorResponse): Failure {
  const refusal = refusalSchema.safeParse(response.json());
  const error = refusal.success ? refusal.data.error : undefined;
  if (response.status === 400 && error !== undefined && refusedGrants.has(error)) {
    return new Failure('unauthorised', `Salesforce refuses ${operation} (${error}): the authorisation was revoked, has run out, or its code has been used.`);
  }
  if (response.status < 500 && error !== undefined) {
    return new Failure('unexpected', `Salesforce refused ${operation} with ${response.status} (${error}). Check the app's client id and secret.`);
  }
  return salesforceFailure({ operation, status: response.status, body: '' });
}
