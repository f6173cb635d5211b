import { once } from 'node:events';
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { issuerPaths } from '@crossdock/service-tokens';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Stands for auth-sso in tests: publishes one key and signs access tokens with it. */
export interface TokenIssuer {
  readonly url: string;
  sign(audience: string, scope: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...await exportJWK(publicKey), kid: 'test', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    response.writeHead(request.url === issuerPaths.jwks ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    url,
    sign: (audience, scope) => new SignJWT({ scope })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })
      .setIssuer(url).setAudience(audience).setSubject('gateway').setJti(randomUUID())
      .setIssuedAt().setExpirationTime('10 minutes').sign(privateKey),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
