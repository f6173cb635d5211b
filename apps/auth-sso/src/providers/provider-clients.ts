import { createRemoteJWKSet, customFetch as joseFetch, errors, jwtVerify, type JWTPayload, type RemoteJWKSet } from 'jose';
import {
  allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientSecretBasic, ClientSecretPost, clockTolerance,
  customFetch, discovery, type ClientAuth, type Configuration,
} from 'openid-client';
import { Failure } from '@crossdock/contracts';
import { clockToleranceSeconds } from '@crossdock/service-tokens';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { IdentityProvider } from './identity-provider.ts';
import { ProviderAnswerRefused, providerRefusalOf } from './provider-answer.ts';

/** A provider's own description is read anew after this: endpoints change seldom. */
const descriptionForMs = 10 * 60_000;
/** A person waits for it. */
const callTimeoutMs = 5_000;
const maxAnswerBytes = 512 * 1_024;
/** Keys are read again for the sake of an unknown one no sooner than this, so that forged tokens cause no flood. */
const keyCooldownMs = 30_000;
/** Only algorithms with a public key: with them nobody passes off a provider's public key for a shared secret (RFC 8725 §2.1). */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

interface ProviderClient {
  readonly configuration: Configuration;
  readonly keys: RemoteJWKSet;
  readonly readAtMs: number;
  readonly version: number;
}

/** What one dialogue keeps to itself until the provider has answered. */
export interface DialogueSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What an ID token says, signed by the provider and meant for us. */
export const idClaimsSchema = z.looseObject({
  sub: z.string().min(1).max(255),
  sid: z.string().min(1).max(255).optional(),
  email: z.string().max(254).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().max(255).optional().catch(undefined),
  given_name: z.string().max(255).optional().catch(undefined),
  family_name: z.string().max(255).optional().catch(undefined),
});
export type IdClaims = z.infer<typeof idClaimsSchema>;

export interface ProviderClientsOptions {
  readonly http: OutboundHttp;
  /** Where a provider sends people back to. */
  readonly redirectUri: (providerId: string) => string;
  /** Lets issuers be plain http, for development and tests. */
  readonly allowInsecure: boolean;
  readonly now: () => Date;
}

/** Speaks OpenID Connect with tenants' providers: discovery, authorisation code with PKCE, ID tokens, logout tokens. */
export class ProviderClients {
  readonly #options: ProviderClientsOptions;
  readonly #clients = new Map<string, ProviderClient>();

  constructor(options: ProviderClientsOptions) {
    this.#options = options;
  }

  /**
   * Reads what a provider says of itself. Its issuer must be the one that was configured.
   * @throws ProviderAnswerRefused
   */
  async check(provider: IdentityProvider, clientSecret: string): Promise<void> {
    await this.#client(provider, clientSecret);
  }

  /** The address at the provider where a person signs on. @throws ProviderAnswerRefused */
  async authorizationUrl(provider: IdentityProvider, clientSecret: string, { state, nonce, codeVerifier }: DialogueSecrets): Promise<URL> {
    const { configuration } = await this.#client(provider, clientSecret);
    return buildAuthorizationUrl(configuration, {
      redirect_uri: this.#options.redirectUri(provider.providerId),
      scope: ['openid', ...provider.settings.scopes].join(' '),
      state, nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * Exchanges the code of a provider's answer and proves the ID token: state, `iss`, nonce, PKCE, audience, times, and
   * the signature by the provider's published keys.
   * @param query of the address that the person came back to.
   * @throws ProviderAnswerRefused
   */
  async finish(provider: IdentityProvider, clientSecret: string, query: string, { state, nonce, codeVerifier }: DialogueSecrets): Promise<IdClaims> {
    const { configuration, keys } = await this.#client(provider, clientSecret);
    const answer = new URL(this.#options.redirectUri(provider.providerId));
    answer.search = query;
    try {
      const tokens = await authorizationCodeGrant(configuration, answer, { pkceCodeVerifier: codeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
      const payload = await this.#verified(provider, keys, tokens.id_token ?? '', 'id');
      if (payload['nonce'] !== nonce) throw new ProviderAnswerRefused('wrong_answer', 'The ID token bears another nonce.');
      return idClaimsSchema.parse(payload);
    } catch (thrown) {
      throw providerRefusalOf(thrown);
    }
  }

  /**
   * The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4), proved like an ID token.
   * @throws ProviderAnswerRefused
   */
  async logoutClaims(provider: IdentityProvider, clientSecret: string, token: string): Promise<JWTPayload> {
    try {
      const { keys } = await this.#client(provider, clientSecret);
      return await this.#verified(provider, keys, token, 'logout');
    } catch (thrown) {
      throw providerRefusalOf(thrown);
    }
  }

  /** A key that is not among those we have read may be new: they are read once more for a person who has just signed on. */
  async #verified(provider: IdentityProvider, keys: RemoteJWKSet, token: string, kind: 'id' | 'logout'): Promise<JWTPayload> {
    const verify = () => jwtVerify(token, keys, {
      algorithms, issuer: provider.issuer, audience: provider.clientId, clockTolerance: clockToleranceSeconds,
      requiredClaims: kind === 'id' ? ['iat', 'exp', 'sub', 'nonce'] : ['iat', 'jti', 'events'],
    });
    const { payload } = await verify().catch(async (thrown: unknown) => {
      if (kind === 'logout' || !(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown;
      await keys.reload();
      return verify();
    });
    if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload['azp'] !== provider.clientId) {
      throw new ProviderAnswerRefused('wrong_answer', 'The token is for several audiences and was not issued to us.');
    }
    return payload;
  }

  async #client(provider: IdentityProvider, clientSecret: string): Promise<ProviderClient> {
    const nowMs = this.#options.now().getTime();
    const known = this.#clients.get(provider.providerId);
    if (known && known.version === provider.version && nowMs - known.readAtMs < descriptionForMs) return known;
    try {
      const client = { ...await this.#discover(provider, clientSecret), readAtMs: nowMs, version: provider.version };
      this.#clients.set(provider.providerId, client);
      return client;
    } catch (thrown) {
      throw providerRefusalOf(thrown);
    }
  }

  async #discover(provider: IdentityProvider, clientSecret: string): Promise<Pick<ProviderClient, 'configuration' | 'keys'>> {
    const { http, allowInsecure } = this.#options;
    const send = http.fetchFor({
      vendor: 'identity-provider', tenantId: provider.tenantId, connectionId: provider.providerId,
      timeoutMs: callTimeoutMs, maxResponseBytes: maxAnswerBytes,
      operation: ({ method, pathname }) => (pathname.includes('/.well-known/') ? 'discovery' : method === 'POST' ? 'token' : 'keys'),
    });
    const fetcher: typeof fetch = async (input, init) => {
      const response = await send(input, init);
      if (response.status >= 500) throw new Failure('transient', `The provider answers ${response.status}.`);
      return response;
    };
    const configuration = await discovery(
      new URL(provider.issuer), provider.clientId, { [clockTolerance]: clockToleranceSeconds }, authenticateBy(clientSecret),
      {
        [customFetch]: (url, { body, ...options }) => fetcher(url, { ...options, ...(body !== undefined && { body }) }), timeout: callTimeoutMs / 1_000,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; for development and tests alone, where private networks are open.
        ...(allowInsecure && { execute: [allowInsecureRequests] }),
      },
    );
    if (configuration.serverMetadata().issuer !== provider.issuer) throw new ProviderAnswerRefused('wrong_answer', 'The provider says that it is another issuer.');
    return { configuration, keys: keysOf(configuration, fetcher) };
  }
}

/** As the provider wishes: `client_secret_basic` is what counts where it names nothing (OpenID Connect Discovery §3). */
function authenticateBy(clientSecret: string): ClientAuth {
  const [post, basic] = [ClientSecretPost(clientSecret), ClientSecretBasic(clientSecret)];
  return (server, client, body, headers) => {
    const isByPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') === false
      && server.token_endpoint_auth_methods_supported.includes('client_secret_post');
    (isByPost ? post : basic)(server, client, body, headers);
  };
}

function keysOf(configuration: Configuration, fetcher: typeof fetch): RemoteJWKSet {
  const { jwks_uri: address } = configuration.serverMetadata();
  if (address === undefined) throw new ProviderAnswerRefused('wrong_answer', 'The provider publishes no keys.');
  return createRemoteJWKSet(new URL(address), {
    [joseFetch]: (url, options) => fetcher(url, options), cooldownDuration: keyCooldownMs, timeoutDuration: callTimeoutMs,
  });
}
