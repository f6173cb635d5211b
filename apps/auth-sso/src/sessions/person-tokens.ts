import { randomUUID } from 'node:crypto';
import { installationId, type PersonRole } from '@crossdock/contracts';
import { accessTokenType, scopesOfOperatorRoles, scopesOfRoles, signatureAlgorithm } from '@crossdock/service-tokens';
import { SignJWT } from 'jose';
import type { SigningKeys } from '../keys/signing-keys.ts';
import type { Session } from './session.ts';
import { personTokenLifetimeSeconds } from './sessions.ts';

/** Access tokens of people: like a service's, for the gateway alone, bound to one tenant and one session (claim `sid`). */
export class PersonTokens {
  readonly #options: { readonly issuerUrl: string; readonly keys: SigningKeys; readonly now: () => Date };

  constructor(options: { readonly issuerUrl: string; readonly keys: SigningKeys; readonly now: () => Date }) {
    this.#options = options;
  }

  /**
   * What a role allows follows from where the person signed on: to a tenant, or to the installation.
   * @param name under which an operator's acts are written down
   * @returns the token, which lives `personTokenLifetimeSeconds`.
   */
  async sign({ sessionId, tenantId, personId }: Session, roles: readonly PersonRole[], name: string): Promise<string> {
    const { issuerUrl, keys, now } = this.#options;
    const { kid, privateJwk } = keys.current();
    const issuedAt = Math.floor(now().getTime() / 1_000);
    const isOperator = tenantId === installationId;
    const scopes = isOperator ? scopesOfOperatorRoles(roles) : scopesOfRoles(roles);
    return new SignJWT({ client_id: 'sign-on', tenant: tenantId, sid: sessionId, roles: [...roles], scope: scopes.join(' '), ...(isOperator && { name }) })
      .setProtectedHeader({ alg: signatureAlgorithm, typ: accessTokenType, kid })
      .setIssuer(issuerUrl)
      .setSubject(personId)
      .setAudience('gateway')
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + personTokenLifetimeSeconds)
      .sign(privateJwk);
  }
}
