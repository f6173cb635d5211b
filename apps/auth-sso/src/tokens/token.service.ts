import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { accessTokenLifetimeSeconds, accessTokenType, signatureAlgorithm } from '@crossdock/service-tokens';
import type { ClientRegistry } from '../clients/client-registry.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { verifyClientAssertion } from './client-assertion.verifier.ts';
import { OAuthError } from './oauth-error.ts';
import { decideGrant, type TokenGrant } from './token-grant.ts';
import type { TokenRequest } from './token-request.ts';
import type { UsedAssertions } from './used-assertions.ts';

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly grant: TokenGrant;
}

export interface TokenServiceOptions {
  readonly issuerUrl: string;
  readonly clients: ClientRegistry;
  readonly keys: SigningKeys;
  readonly usedAssertions: UsedAssertions;
  readonly now: () => Date;
}

/** Gives services their access tokens. */
export class TokenService {
  readonly #options: TokenServiceOptions;

  constructor(options: TokenServiceOptions) {
    this.#options = options;
  }

  /**
   * A token for a client that proves itself by an assertion never used before.
   * @throws OAuthError where the request is refused.
   */
  async issue(request: TokenRequest): Promise<IssuedToken> {
    const { clients, issuerUrl, usedAssertions } = this.#options;
    const now = this.#options.now();
    const proven = await verifyClientAssertion(request.clientAssertion, { clients, issuerUrl, now });
    if (request.clientId !== undefined && request.clientId !== proven.client.clientId) {
      throw new OAuthError('invalid_client', 'The parameter client_id names another client than the assertion.');
    }
    const grant = decideGrant(proven.client, request);
    if (!await usedAssertions.useOnce({ ...proven, issuedBy: proven.client.clientId })) throw new OAuthError('invalid_client', 'The client assertion has been used before.');
    return { accessToken: await this.#sign(grant, now), expiresInSeconds: accessTokenLifetimeSeconds, grant };
  }

  #sign({ clientId, audience, scopes, tenantId }: TokenGrant, now: Date): Promise<string> {
    const { kid, privateJwk } = this.#options.keys.current();
    const issuedAt = Math.floor(now.getTime() / 1_000);
    return new SignJWT({ client_id: clientId, scope: scopes.join(' '), ...(tenantId !== undefined && { tenant: tenantId }) })
      .setProtectedHeader({ alg: signatureAlgorithm, typ: accessTokenType, kid })
      .setIssuer(this.#options.issuerUrl)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + accessTokenLifetimeSeconds)
      .sign(privateJwk);
  }
}
