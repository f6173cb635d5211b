import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { signatureAlgorithm, type Es256PrivateKey } from './es256-key.ts';

/** RFC 7523 §2.2. */
export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How long an assertion may be valid: it is used at once, and the issuer remembers it no longer than this. */
const assertionLifetimeSeconds = 60;

/**
 * The proof by which a service names itself to the issuer: a JWT signed with its own key, good for one use.
 * Its only audience is the issuer's identifier, never an endpoint's address: otherwise a malicious issuer could
 * obtain assertions that work at another one.
 */
export async function signClientAssertion(options: {
  readonly clientId: string;
  readonly issuerUrl: string;
  readonly privateJwk: Es256PrivateKey;
  readonly now: Date;
}): Promise<string> {
  const { clientId, issuerUrl, privateJwk, now } = options;
  const issuedAt = Math.floor(now.getTime() / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: signatureAlgorithm, typ: 'JWT', ...(privateJwk.kid !== undefined && { kid: privateJwk.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuerUrl)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionLifetimeSeconds)
    .sign(privateJwk);
}
