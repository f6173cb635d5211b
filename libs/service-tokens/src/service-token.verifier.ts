import { createRemoteJWKSet, errors, jwtVerify, type RemoteJWKSet } from 'jose';
import { Failure } from '@crossdock/contracts';
import {
  accessTokenClaimsSchema, accessTokenType, clockToleranceSeconds, jwksCacheSeconds, type AccessTokenClaims,
} from './access-token.ts';
import { signatureAlgorithm } from './es256-key.ts';
import { issuerEndpoint } from './issuer-endpoints.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** A token that does not hold; the message says why, for the caller's eyes. */
export class TokenRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'TokenRefused';
  }
}

export interface ServiceTokenVerifierOptions {
  readonly issuerUrl: string;
  /** The name of the service the token must be meant for. */
  readonly audience: string;
  /** Least time between two readings of the keys for the sake of an unknown key id, so that forged ids cause no flood. */
  readonly jwksCooldownMs?: number;
  readonly now?: () => Date;
}

/** Checks access tokens by the issuer's published keys, which are cached and read again when a new one appears. */
export class ServiceTokenVerifier {
  readonly #options: ServiceTokenVerifierOptions;
  readonly #keys: RemoteJWKSet;
  readonly #verified = new VerifiedTokens();

  constructor(options: ServiceTokenVerifierOptions) {
    this.#options = options;
    this.#keys = createRemoteJWKSet(new URL(issuerEndpoint(options.issuerUrl, 'jwks')), {
      cacheMaxAge: jwksCacheSeconds * 1_000,
      cooldownDuration: options.jwksCooldownMs ?? 30_000,
      timeoutDuration: 3_000,
    });
  }

  /**
   * The claims of a token that is signed by our issuer, meant for this service and in time.
   * @throws TokenRefused where it is not; Failure `transient` where the issuer's keys cannot be read.
   */
  async verify(token: string): Promise<AccessTokenClaims> {
    const { issuerUrl, audience, now } = this.#options;
    const nowMs = now?.().getTime() ?? Date.now();
    const known = this.#verified.find(token, nowMs);
    if (known) return known;
    const verified = await jwtVerify(token, this.#keys, {
      algorithms: [signatureAlgorithm],
      issuer: issuerUrl,
      audience,
      typ: accessTokenType,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      ...(now && { currentDate: now() }),
    }).catch((thrown: unknown) => {
      const reason = refusalReason(thrown);
      if (reason !== undefined) throw new TokenRefused(reason, { cause: thrown });
      throw new Failure('transient', 'The keys that tokens are checked with cannot be read.', { cause: thrown });
    });
    const claims = accessTokenClaimsSchema.safeParse(verified.payload);
    if (!claims.success) throw new TokenRefused('The token lacks a claim of a service token.');
    this.#verified.keep(token, claims.data, (verified.payload.exp ?? 0) * 1_000, nowMs);
    return claims.data;
  }
}

/** Why the token itself is refused; nothing where the fault is not the token's. */
function refusalReason(thrown: unknown): string | undefined {
  if (thrown instanceof errors.JWTExpired) return 'The token has expired.';
  if (thrown instanceof errors.JWTClaimValidationFailed) return `The token's "${thrown.claim}" is missing or wrong.`;
  if (thrown instanceof errors.JOSEAlgNotAllowed) return `The token is not signed with ${signatureAlgorithm}.`;
  if (thrown instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  if (thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys) {
    return 'The token is signed with an unknown key.';
  }
  if (thrown instanceof errors.JWSInvalid || thrown instanceof errors.JWTInvalid || thrown instanceof errors.JOSENotSupported) {
    return 'The token is malformed.';
  }
  return undefined;
}
