import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { openIdRecords } from '@crossdock/sandbox';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

/** An account at the provider: what its ID token says. */
export interface ProviderAccount {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** Changes an ID token on its way out; `claims` are what the provider said. */
export type Tampering = (idToken: string, claims: JWTPayload) => Promise<string> | string;

async function newSigningKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...await exportJWK(privateKey), kid, alg: 'RS256', use: 'sig' };
}

/** What of an RSA key may be shown. */
function publicPart({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...shown }: JWK): JWK {
  return shown;
}

/** A certified OpenID provider (oidc-provider) on a free port, with accounts of a test's and faults on demand. */
export class OpenIdProviderFixture {
  readonly accounts = new Map<string, ProviderAccount>();
  readonly clientId = 'crossdock';
  readonly clientSecret = 'a-secret-of-the-provider-fixture';
  tamper: Tampering | undefined;
  /** Status that every call of a server gets in place of an answer; 0 never answers. */
  fault: number | undefined;
  keyReads = 0;
  readonly #server: Server;
  #keys: JWK[];

  private constructor(server: Server, key: JWK) {
    this.#server = server;
    this.#keys = [key];
  }

  static async start(): Promise<OpenIdProviderFixture> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fixture = new OpenIdProviderFixture(server, await newSigningKey('first'));
    fixture.#serve();
    return fixture;
  }

  get issuer(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The provider does not listen on a port.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Publishes another key in place of the one that signed until now. */
  async rotateKeys(): Promise<void> {
    this.#keys = [await newSigningKey(`key-${Date.now()}`)];
  }

  /** Signs claims as the provider does, with its newest key. */
  async sign(claims: JWTPayload, header: { readonly alg?: string; readonly typ?: string; readonly kid?: string } = {}): Promise<string> {
    const [key] = this.#keys;
    if (!key?.kid) throw new Error('The provider has no key.');
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(await importJWK(key, 'RS256'));
  }

  /** The public key, as text, for whoever tries to use it as a shared secret. */
  get publishedKeys(): JWK[] {
    return this.#keys.map(publicPart);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(): void {
    const provider = new Provider(this.issuer, this.#configuration());
    // The client's redirect address holds the id that the hub gives the provider, which is made after the provider.
    provider.Client.prototype.redirectUriAllowed = () => true;
    provider.use(async (context, next) => {
      await next();
      const body: unknown = context.body;
      if (context.path !== '/token' || typeof body !== 'object' || body === null || !('id_token' in body)) return;
      const given = String(body.id_token);
      const claims = decodeJwt(given);
      context.body = { ...body, id_token: await (this.tamper?.(given, claims) ?? this.sign(claims)) };
    });
    const callback = provider.callback();
    this.#server.on('request', (request, response) => {
      const path = new URL(request.url ?? '/', this.issuer).pathname;
      const isServerCall = path === '/token' || path === '/jwks' || path.startsWith('/.well-known/');
      if (path === '/jwks') this.keyReads += 1;
      if (isServerCall && this.fault === 0) return;
      if (isServerCall && this.fault !== undefined) {
        response.writeHead(this.fault).end();
      } else if (path === '/jwks') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.publishedKeys }));
      } else if (path.startsWith('/interaction/')) {
        const login = new URL(request.url ?? '/', this.issuer).searchParams.get('login');
        if (login === null) {
          response.writeHead(200, { 'content-type': 'text/html' })
            .end(`<!doctype html><title>Provider</title><form><label>Login <input name="login"></label><button>Sign in</button></form>`);
        } else {
          const result = this.accounts.has(login) ? { login: { accountId: login } } : { error: 'access_denied' };
          provider.interactionFinished(request, response, result).catch(() => response.destroy());
        }
      } else {
        callback(request, response).catch(() => response.destroy());
      }
    });
  }

  #configuration(): Configuration {
    return {
      adapter: openIdRecords(),
      clients: [{ client_id: this.clientId, client_secret: this.clientSecret, redirect_uris: ['https://login.example/callback'], grant_types: ['authorization_code'] }],
      jwks: { keys: this.#keys },
      cookies: { keys: ['a-cookie-key-of-the-provider-fixture'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      scopes: ['openid', 'email', 'profile', 'groups'],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      conformIdTokenClaims: false,
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3_600, IdToken: 600, Interaction: 600, Session: 3_600 },
      pkce: { required: () => true },
      findAccount: (_context, id) => {
        const account = this.accounts.get(id);
        return account && { accountId: id, claims: () => ({ sub: id, ...account, groups: [...account.groups ?? []] }) };
      },
      loadExistingGrant: async (context) => {
        const { client, session, provider } = context.oidc;
        const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
        grant.addOIDCScope('openid email profile groups');
        await grant.save();
        return grant;
      },
    };
  }
}
