import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { accessTokenType } from './access-token.ts';
import { privateKeySchema, publicPartOf, type Es256PrivateKey } from './es256-key.ts';
import { issuerPaths } from './issuer-endpoints.ts';

/** A new P-256 key pair, as the private JWK. */
export async function newKey(kid: string): Promise<Es256PrivateKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return privateKeySchema.parse({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' });
}

export interface TokenParts {
  readonly header?: Record<string, unknown>;
  /** Claims to set in place of good ones. */
  readonly claims?: JWTPayload;
  /** Claims to leave out. */
  readonly without?: readonly string[];
  readonly key?: Es256PrivateKey;
  /** Seconds from now; negative for a token of the past. */
  readonly expiresInSeconds?: number;
}

type TokenEndpoint = (form: URLSearchParams) => { readonly status: number; readonly body: unknown };

/** An issuer on a free port of this machine that publishes keys, signs what a test asks for and answers token requests as told. */
export class IssuerFixture {
  readonly #server: Server;
  readonly key: Es256PrivateKey;
  published: readonly Es256PrivateKey[];
  jwksReads = 0;
  tokenEndpoint: TokenEndpoint = () => ({ status: 404, body: {} });

  constructor(server: Server, key: Es256PrivateKey) {
    this.#server = server;
    this.key = key;
    this.published = [key];
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The issuer does not listen on a port.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** An access token that holds in every respect but those a test overrides. */
  async sign({ header, claims, without = [], key = this.key, expiresInSeconds = 600 }: TokenParts = {}): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const payload: JWTPayload = {
      iss: this.url, aud: 'orders', sub: 'gateway', jti: crypto.randomUUID(), scope: 'orders:read tenant:any',
      iat: nowSeconds + Math.min(0, expiresInSeconds - 600), exp: nowSeconds + expiresInSeconds, ...claims,
    };
    const kept = Object.fromEntries(Object.entries(payload).filter(([claim]) => !without.includes(claim)));
    return new SignJWT(kept).setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid: key.kid ?? '', ...header }).sign(key);
  }

  async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (request.url === issuerPaths.jwks) {
      this.jwksReads += 1;
      return { status: 200, body: { keys: this.published.map(publicPartOf) } };
    }
    if (request.url !== issuerPaths.token) return { status: 404, body: {} };
    return this.tokenEndpoint(new URLSearchParams(await text(request)));
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export async function startIssuer(): Promise<IssuerFixture> {
  const server = createServer((request, response) => {
    void issuer.answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const issuer = new IssuerFixture(server, await newKey('first'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return issuer;
}
