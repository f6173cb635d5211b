import { randomUUID } from 'node:crypto';
import type { PersonRole } from '@crossdock/contracts';
import { accessTokenType, scopesOfRoles, signatureAlgorithm } from '@crossdock/service-tokens';
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

  /** @returns the token, which lives `personTokenLifetimeSeconds`. */
  async sign({ sessionId, tenantId, personId }: Session, roles: readonly PersonRole[]): Promise<string> {
    const { issuerUrl, keys, now } = this.#options;
    const { kid, privateJwk } = keys.current();
    const issuedAt = Math.floor(now().getTime() / 1_000);
    return new SignJWT({ client_id: 'sign-on', tenant: tenantId, sid: sessionId, roles: [...roles], scope: scopesOfRoles(roles).join(' ') })
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
