import {
  toTokenSet, type AuthorisationParty, type Connection, type ConnectionSecrets, type ConsentFlow, type Grant, type TokenSet, type VendorAuthorisation,
} from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { HubSpotApp } from './hubspot.app.ts';
import { hubSpotFailure } from './hubspot.errors.ts';
import { hubSpotLimits, hubSpotRateLimits } from './hubspot.limits.ts';
import { hubSpotScopes } from './hubspot.scopes.ts';

const tokensSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096).optional(),
  expires_in: z.int().positive(),
});
const grantSchema = tokensSchema.extend({
  refresh_token: z.string().min(1).max(4_096),
  hub_id: z.int().positive(),
  scopes: z.array(z.string()),
});
const refusalSchema = z.object({ error: z.string().max(100) });

/**
 * Accounts of HubSpot by OAuth. Access tokens live for 30 minutes; each answer carries a refresh token, and the one that
 * came last is the one to keep. The v1 endpoints end on 2027-02-16, so that v3 is called; since 2025-08-18 the answer
 * names the account and the scopes.
 * Sources: https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide and
 * https://developers.hubspot.com/changelog/additional-details-returned-when-generating-oauth-access-tokens
 */
export class HubSpotAuthorisation implements VendorAuthorisation {
  readonly vendor = 'hubspot';
  readonly scopes = hubSpotScopes;
  readonly consent: ConsentFlow;
  readonly #http: OutboundHttp;
  readonly #app: HubSpotApp;

  constructor(http: OutboundHttp, app: HubSpotApp) {
    this.#http = http;
    this.#app = app;
    this.consent = {
      authorizationUrl: (request) => this.#authorizationUrl(request),
      exchangeCode: (party, exchange) => this.#exchangeCode(party, exchange),
    };
  }

  async refresh(connection: Connection, refreshToken: string | undefined, signal: AbortSignal): Promise<TokenSet> {
    if (refreshToken === undefined) throw new Failure('unauthorised', 'HubSpot gave no refresh token; connect the account again.');
    const operation = 'oauth.refresh';
    const response = await this.#post({ tenantId: connection.tenantId, connectionId: connection.id, signal }, operation, 'token', {
      grant_type: 'refresh_token', refresh_token: refreshToken,
    });
    return toTokenSet(response.read(tokensSchema, `HubSpot's answer to ${operation}`));
  }

  async revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'revoked'> {
    const token = secrets['refresh_token'];
    if (token === undefined) return 'revoked';
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    try {
      await this.#post(party, 'oauth.revoke', 'token/revoke', { token, token_type_hint: 'refresh_token' });
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'unauthorised') throw thrown;
    }
    return 'revoked';
  }

  /** Reading one contact costs one call and shows that the token, the app and the most needed scope hold. */
  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    const operation = 'probe';
    const response = await this.#http.send({
      vendor: 'hubspot', tenantId: connection.tenantId, connectionId: connection.id, operation, signal,
      budget: { limits: hubSpotRateLimits, settings: connection.settings },
      method: 'GET',
      url: `${this.#app.hubspotApiUrl}/crm/${hubSpotLimits.apiVersions.crm}/objects/contacts?limit=1&properties=createdate`,
      headers: { authorization: `Bearer ${secrets['access_token'] ?? ''}`, accept: 'application/json' },
      timeoutMs: hubSpotLimits.timeoutMs,
    });
    if (response.status !== 200) throw hubSpotFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
  }

  #authorizationUrl({ redirectUri, state, codeChallenge }: Parameters<ConsentFlow['authorizationUrl']>[0]): URL {
    const url = new URL(`${this.#app.hubspotAppUrl}/oauth/authorize`);
    const [needed, optional] = [false, true].map((isOptional) =>
      hubSpotScopes.filter((scope) => (scope.isOptional ?? false) === isOptional).map(({ name }) => name).join(' '));
    url.search = new URLSearchParams({
      client_id: this.#app.hubspotClientId, redirect_uri: redirectUri, scope: needed ?? '', state,
      code_challenge: codeChallenge, code_challenge_method: 'S256',
      ...(optional && { optional_scope: optional }),
    }).toString();
    return url;
  }

  async #exchangeCode(
    party: AuthorisationParty, { code, redirectUri, codeVerifier }: Parameters<ConsentFlow['exchangeCode']>[1],
  ): Promise<Grant> {
    const operation = 'oauth.exchange';
    const response = await this.#post(party, operation, 'token', {
      grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier,
    });
    const answer = response.read(grantSchema, `HubSpot's answer to ${operation}`);
    return { accountId: String(answer.hub_id), settings: {}, tokens: toTokenSet(answer), grantedScopes: answer.scopes };
  }

  async #post(party: AuthorisationParty, operation: string, path: string, form: Readonly<Record<string, string>>): Promise<VendorResponse> {
    const { hubspotApiUrl, hubspotClientId, hubspotClientSecret } = this.#app;
    const response = await this.#http.send({
      vendor: 'hubspot', ...party, operation,
      method: 'POST',
      url: `${hubspotApiUrl}/oauth/${hubSpotLimits.apiVersions.oauth}/${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ ...form, client_id: hubspotClientId, client_secret: hubspotClientSecret }).toString(),
      timeoutMs: hubSpotLimits.tokenTimeoutMs,
      // A code works once; everything else may be asked for again.
      idempotent: form['grant_type'] !== 'authorization_code',
    });
    if (response.status < 200 || response.status > 299) throw oauthFailure(operation, response);
    return response;
  }
}

/** Only a refused token or code asks for a person; a wrong client secret is a fault of this installation. */
function oauthFailure(operation: string, response: VendorResponse): Failure {
  const refusal = refusalSchema.safeParse(response.json());
  const error = refusal.success ? refusal.data.error : undefined;
  if (response.status === 400 && (error === 'invalid_grant' || error === 'access_denied')) {
    return new Failure('unauthorised', `HubSpot refuses ${operation}: the app was removed, its access revoked, or the code has been used.`);
  }
  if (error !== undefined) return new Failure('unexpected', `HubSpot refused ${operation} with ${response.status} (${error}). Check the app's client id and secret.`);
  return hubSpotFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
}
