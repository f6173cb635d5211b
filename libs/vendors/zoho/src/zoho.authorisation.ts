import {
  toTokenSet, type AuthorisationParty, type Connection, type ConnectionSecrets, type ConsentFlow, type Grant, type TokenSet, type VendorAuthorisation,
} from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { ZohoApp } from './zoho.app.ts';
import { accountsServerOf, askingLocation, callbackLocation, clientSecretOf, readSettings } from './zoho.data-centres.ts';
import { zohoFailure } from './zoho.errors.ts';
import { zohoLimits } from './zoho.limits.ts';
import type { ZohoLocation } from './zoho.locations.ts';
import { readOrganisation } from './zoho.organisation.ts';
import { zohoScopes } from './zoho.scopes.ts';

const tokensSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096).optional(),
  expires_in: z.int().positive(),
});
const grantSchema = tokensSchema.extend({ api_domain: z.url(), scope: z.string().max(4_096).optional() });
const refusalSchema = z.object({ error: z.string().max(100) });

/**
 * Organisations of Zoho by OAuth, each at the accounts server of its data centre. Access tokens live for an hour, refresh
 * tokens stay as they are. Zoho has no PKCE for apps with a secret. It says what it refuses with HTTP 200: the body tells.
 * Sources: https://www.zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html,
 * https://www.zoho.com/crm/developer/docs/api/v8/refresh.html
 */
export class ZohoAuthorisation implements VendorAuthorisation {
  readonly vendor = 'zoho';
  readonly scopes = zohoScopes;
  readonly consent: ConsentFlow;
  readonly #http: OutboundHttp;
  readonly #app: ZohoApp;

  constructor(http: OutboundHttp, app: ZohoApp) {
    this.#http = http;
    this.#app = app;
    this.consent = {
      authorizationUrl: (request) => this.#authorizationUrl(request),
      exchangeCode: (party, exchange) => this.#exchangeCode(party, exchange),
    };
  }

  async refresh(connection: Connection, refreshToken: string | undefined, signal: AbortSignal): Promise<TokenSet> {
    if (refreshToken === undefined) throw new Failure('unauthorised', 'Zoho gave no refresh token; connect the organisation again.');
    const operation = 'oauth.refresh';
    const { location } = readSettings(connection.settings);
    const response = await this.#post(partyOf(connection, signal), operation, `${accountsServerOf(this.#app, location)}${zohoLimits.oauthPath}/token`, this.#withApp(location, {
      grant_type: 'refresh_token', refresh_token: refreshToken,
    }));
    return toTokenSet(response.read(tokensSchema, `Zoho's answer to ${operation}`));
  }

  async revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'revoked'> {
    const token = secrets['refresh_token'];
    if (token === undefined) return 'revoked';
    const accountsServer = accountsServerOf(this.#app, readSettings(connection.settings).location);
    try {
      await this.#post(partyOf(connection, signal), 'oauth.revoke', `${accountsServer}${zohoLimits.oauthPath}/token/revoke`, { token });
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'unauthorised') throw thrown;
    }
    return 'revoked';
  }

  /** Reading the organisation costs one credit and shows that the token and the interface are there. */
  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    const { apiDomain } = readSettings(connection.settings);
    await readOrganisation(this.#http, partyOf(connection, signal), { apiDomain, accessToken: secrets['access_token'] ?? '', operation: 'probe', settings: connection.settings });
  }

  /** Zoho gives a refresh token for `offline` only, and a second one for the same person only after a consent anew. */
  #authorizationUrl({ redirectUri, state, settings }: Parameters<ConsentFlow['authorizationUrl']>[0]): URL {
    const url = new URL(`${accountsServerOf(this.#app, askingLocation(settings))}${zohoLimits.oauthPath}/auth`);
    url.search = new URLSearchParams({
      response_type: 'code', client_id: this.#app.zohoClientId, redirect_uri: redirectUri, state,
      scope: zohoScopes.map(({ name }) => name).join(','), access_type: 'offline', prompt: 'consent',
    }).toString();
    return url;
  }

  async #exchangeCode(
    party: AuthorisationParty, { code, redirectUri, callbackParameters }: Parameters<ConsentFlow['exchangeCode']>[1],
  ): Promise<Grant> {
    const operation = 'oauth.exchange';
    const location = callbackLocation(this.#app, callbackParameters);
    const response = await this.#post(party, operation, `${accountsServerOf(this.#app, location)}${zohoLimits.oauthPath}/token`, this.#withApp(location, {
      grant_type: 'authorization_code', code, redirect_uri: redirectUri,
    }));
    const answer = response.read(grantSchema, `Zoho's answer to ${operation}`);
    const apiDomain = answer.api_domain;
    const organisation = await readOrganisation(this.#http, party, { apiDomain, accessToken: answer.access_token, operation: 'organisation.get' });
    const { id: accountId, name, ...account } = organisation;
    return {
      accountId, ...(name !== undefined && { accountName: name }),
      settings: { location, apiDomain, ...account },
      tokens: toTokenSet(answer),
      ...(answer.scope !== undefined && { grantedScopes: answer.scope.split(/[ ,]+/) }),
    };
  }

  #withApp(location: ZohoLocation, form: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return { ...form, client_id: this.#app.zohoClientId, client_secret: clientSecretOf(this.#app, location) };
  }

  async #post(party: AuthorisationParty, operation: string, url: string, form: Readonly<Record<string, string>>): Promise<VendorResponse> {
    const response = await this.#http.send({
      vendor: 'zoho', ...party, operation,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: zohoLimits.tokenTimeoutMs,
      // A code works once; everything else may be asked for again.
      idempotent: form['grant_type'] !== 'authorization_code',
    });
    const refusal = refusalSchema.safeParse(response.json());
    if (refusal.success) throw oauthFailure(operation, response.status, refusal.data.error);
    if (response.status !== 200) throw zohoFailure({ operation, status: response.status, headers: response.headers, body: '' });
    return response;
  }
}

/** Only a refused token or code asks for a person; a wrong client secret is a fault of this installation. */
function oauthFailure(operation: string, status: number, error: string): Failure {
  if (error === 'invalid_code' || error === 'invalid_grant' || error === 'access_denied') {
    return new Failure('unauthorised', `Zoho refuses ${operation} (${error}): the authorisation was revoked, or its code has been used or has run out.`);
  }
  if (error === 'Access Denied') {
    return new Failure('rate_limited', `Zoho refused ${operation}: too many access tokens were asked for.`, { retryAfterMs: zohoLimits.tooManyTokensRetryMs });
  }
  if (status >= 500) return new Failure('transient', `Zoho answered ${operation} with ${status}.`);
  return new Failure('unexpected', `Zoho refused ${operation} with ${status} (${error}). Check the app's client id, secret and redirect address.`);
}

function partyOf({ tenantId, id: connectionId }: Connection, signal: AbortSignal): AuthorisationParty {
  return { tenantId, connectionId, signal };
}
