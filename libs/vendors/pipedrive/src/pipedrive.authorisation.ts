import {
  toTokenSet, type AuthorisationParty, type Connection, type ConnectionSecrets, type ConsentFlow, type CredentialFlow, type Grant, type TokenSet, type VendorAuthorisation,
} from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { PipedriveApp } from './pipedrive.app.ts';
import { pipedriveFailure } from './pipedrive.errors.ts';
import { pipedriveLimits, pipedriveVendorLimits } from './pipedrive.limits.ts';
import { pipedriveScopes } from './pipedrive.scopes.ts';
import { pipedriveEndpointOf, pipedriveSettingsOf, presentPipedriveToken, type PipedriveSettings } from './pipedrive.settings.ts';

const tokensSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096),
  expires_in: z.int().positive(),
  scope: z.string().max(2_048).optional(),
  api_domain: z.url().optional(),
});
const userSchema = z.object({
  data: z.object({ company_id: z.int().positive(), company_name: z.string().max(255).optional() }),
});
const refusalSchema = z.object({ error: z.string().max(200).optional(), message: z.string().max(300).optional() });
const companyDomainSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i);

/**
 * Companies of Pipedrive by OAuth (which has no PKCE there) or by a user's own API token. Access tokens live for an hour;
 * the refresh token of an answer is the one to keep, although Pipedrive says that it stays the same.
 * Sources: https://pipedrive.readme.io/docs/marketplace-oauth-authorization,
 * https://pipedrive.readme.io/docs/marketplace-oauth-and-api-proxy-status-codes, https://pipedrive.readme.io/docs/app-uninstallation
 */
export class PipedriveAuthorisation implements VendorAuthorisation {
  readonly vendor = 'pipedrive';
  readonly scopes = pipedriveScopes;
  readonly consent: ConsentFlow;
  readonly credentials: CredentialFlow;
  readonly #http: OutboundHttp;
  readonly #app: PipedriveApp;

  constructor(http: OutboundHttp, app: PipedriveApp) {
    this.#http = http;
    this.#app = app;
    this.consent = {
      authorizationUrl: ({ redirectUri, state }) => {
        const url = new URL(`${app.pipedriveOauthUrl}/oauth/authorize`);
        url.search = new URLSearchParams({ client_id: app.pipedriveClientId, redirect_uri: redirectUri, state }).toString();
        return url;
      },
      exchangeCode: (party, exchange) => this.#exchangeCode(party, exchange),
    };
    this.credentials = { authorise: (party, given) => this.#authorise(party, given) };
  }

  async refresh(connection: Connection, refreshToken: string | undefined, signal: AbortSignal): Promise<TokenSet> {
    if (refreshToken === undefined) throw new Failure('unauthorised', 'Pipedrive does not accept the API token any more; connect the company again.');
    const operation = 'oauth.refresh';
    const response = await this.#post({ tenantId: connection.tenantId, connectionId: connection.id, signal }, operation, 'token', {
      grant_type: 'refresh_token', refresh_token: refreshToken,
    });
    return toTokenSet(response.read(tokensSchema, `Pipedrive's answer to ${operation}`));
  }

  /** A user's own API token is his: Pipedrive lets nobody else take it back. */
  async revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'revoked' | 'not_offered'> {
    if (pipedriveSettingsOf(connection).tokenKind === 'api_token') return 'not_offered';
    const token = secrets['refresh_token'];
    if (token === undefined) return 'revoked';
    await this.#post({ tenantId: connection.tenantId, connectionId: connection.id, signal }, 'oauth.revoke', 'revoke', { token, token_type_hint: 'refresh_token' });
    return 'revoked';
  }

  /** Asking whose token it is costs two tokens of the day. */
  async probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void> {
    const endpoint = pipedriveEndpointOf(connection);
    const party = { tenantId: connection.tenantId, connectionId: connection.id, signal };
    await this.#whoAmI(party, 'probe', { endpoint, token: secrets['access_token'] ?? '', tokenKind: pipedriveSettingsOf(connection).tokenKind });
  }

  async #exchangeCode(party: AuthorisationParty, { code, redirectUri }: Parameters<ConsentFlow['exchangeCode']>[1]): Promise<Grant> {
    const operation = 'oauth.exchange';
    const response = await this.#post(party, operation, 'token', { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
    const answer = response.read(tokensSchema.required({ api_domain: true }), `Pipedrive's answer to ${operation}`);
    const { data } = await this.#whoAmI(party, 'users.me', { endpoint: answer.api_domain, token: answer.access_token, tokenKind: 'oauth' });
    return {
      accountId: String(data.company_id),
      ...(data.company_name !== undefined && { accountName: data.company_name }),
      endpoint: answer.api_domain,
      settings: { tokenKind: 'oauth' },
      tokens: toTokenSet(answer),
      ...(answer.scope !== undefined && { grantedScopes: answer.scope.split(/[\s,]+/) }),
    };
  }

  async #authorise(party: AuthorisationParty, { credentials, settings }: Parameters<CredentialFlow['authorise']>[1]): Promise<Grant> {
    const { api_token: token, ...others } = credentials;
    const domain = companyDomainSchema.safeParse(settings['companyDomain']);
    if (token === undefined || token === '') throw new Failure('invalid', 'Give the API token of a Pipedrive user as api_token.', { pointer: '/credentials/api_token' });
    if (!domain.success) throw new Failure('invalid', 'Give the first part of the company’s Pipedrive address as companyDomain.', { pointer: '/settings/companyDomain' });
    const endpoint = this.#app.pipedriveCompanyUrl.replace('{company}', domain.data.toLowerCase());
    const { data } = await this.#whoAmI(party, 'users.me', { endpoint, token, tokenKind: 'api_token' });
    const secrets = Object.fromEntries(Object.entries(others).filter((entry): entry is [string, string] => entry[1] !== undefined));
    return {
      accountId: String(data.company_id),
      ...(data.company_name !== undefined && { accountName: data.company_name }),
      endpoint,
      settings: { ...settings, tokenKind: 'api_token' },
      tokens: { accessToken: token },
      secrets,
    };
  }

  async #whoAmI(
    party: AuthorisationParty, operation: string,
    { endpoint, token, tokenKind }: { readonly endpoint: string; readonly token: string } & Pick<PipedriveSettings, 'tokenKind'>,
  ): Promise<z.infer<typeof userSchema>> {
    const response = await this.#http.send({
      vendor: 'pipedrive', ...party, operation,
      budget: { limits: pipedriveVendorLimits, settings: { tokenKind } },
      method: 'GET',
      url: `${endpoint}${pipedriveLimits.apiV1}/users/me`,
      headers: { accept: 'application/json', ...presentPipedriveToken(tokenKind, token) },
      timeoutMs: pipedriveLimits.timeoutMs,
    });
    if (response.status !== 200) throw pipedriveFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
    return response.read(userSchema, `Pipedrive's answer to ${operation}`);
  }

  async #post(party: AuthorisationParty, operation: string, path: 'token' | 'revoke', form: Readonly<Record<string, string>>): Promise<VendorResponse> {
    const { pipedriveOauthUrl, pipedriveClientId, pipedriveClientSecret } = this.#app;
    const response = await this.#http.send({
      vendor: 'pipedrive', ...party, operation,
      method: 'POST',
      url: `${pipedriveOauthUrl}/oauth/${path}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded', accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${pipedriveClientId}:${pipedriveClientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs: pipedriveLimits.tokenTimeoutMs,
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
  const said = refusal.success ? [refusal.data.error, refusal.data.message].filter((part) => part !== undefined).join(' ') : '';
  if (response.status === 400 && /invalid[_ ]grant/i.test(said)) {
    return new Failure('unauthorised', `Pipedrive refuses ${operation}: the app was removed, its access revoked, or the code has been used or has run out.`);
  }
  if (response.status === 400 || response.status === 401) {
    return new Failure('unexpected', `Pipedrive refused ${operation} with ${response.status}. Check the app's client id, secret and callback address.`);
  }
  return pipedriveFailure({ operation, status: response.status, headers: response.headers, body: '' });
}
