import { decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { clockToleranceSeconds, signatureAlgorithm, type Es256PublicKey } from '@crossdock/service-tokens';
import type { ClientRegistry, ServiceClient } from '../clients/client-registry.ts';
import { OAuthError } from './oauth-error.ts';

/** An assertion that ends later than this is refused, because each must be remembered until its end. */
const maxAssertionLifetimeSeconds = 300;

/** A client that has proved itself; the assertion may not have been used before, which is for the caller to see to. */
export interface ProvenClient {
  readonly client: ServiceClient;
  readonly assertionId: string;
  /** Until then the assertion must be remembered. */
  readonly assertionEndsAt: Date;
}

const claimsSchema = z.object({
  /** One string: an assertion for several audiences could be carried from one issuer to another. */
  aud: z.string(),
  jti: z.string().min(1).max(255),
  exp: z.number().int(),
});

/**
 * Checks a client's assertion (RFC 7523 §3): signed by a key of the client's that is registered, for this issuer alone, in time.
 * An unknown client and a wrong signature look the same from outside.
 * @throws OAuthError `invalid_client`
 */
export async function verifyClientAssertion(
  assertion: string,
  { clients, issuerUrl, now }: { readonly clients: ClientRegistry; readonly issuerUrl: string; readonly now: Date },
): Promise<ProvenClient> {
  const client = clients.find(claimedIssuer(assertion) ?? '');
  if (!client) throw new OAuthError('invalid_client', 'The client assertion does not prove a known client.');
  const check = (key: Es256PublicKey) => jwtVerify(assertion, key, {
    algorithms: [signatureAlgorithm],
    issuer: client.clientId,
    subject: client.clientId,
    audience: issuerUrl,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp', 'jti'],
    currentDate: now,
  });
  const { publicJwk, previousPublicJwk } = client;
  const { payload } = await check(publicJwk)
    .catch((thrown: unknown) => {
      if (previousPublicJwk === undefined || !(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
      return check(previousPublicJwk);
    })
    .catch((cause: unknown) => {
      throw new OAuthError('invalid_client', refusalReason(cause), { cause });
    });
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw new OAuthError('invalid_client', "The client assertion's aud, jti or exp has the wrong form.");
  const { exp, jti } = claims.data;
  if (exp > now.getTime() / 1_000 + maxAssertionLifetimeSeconds + clockToleranceSeconds) {
    throw new OAuthError('invalid_client', `The client assertion is valid for more than ${maxAssertionLifetimeSeconds} s.`);
  }
  return { client, assertionId: jti, assertionEndsAt: new Date((exp + clockToleranceSeconds) * 1_000) };
}

function claimedIssuer(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).iss;
  } catch {
    return undefined;
  }
}

/** What is wrong is told only where the signature was right: jose checks claims after it. */
function refusalReason(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired) return 'The client assertion has expired.';
  if (thrown instanceof errors.JWTClaimValidationFailed) return `The client assertion's "${thrown.claim}" is missing or wrong.`;
  return 'The client assertion does not prove a known client.';
}
