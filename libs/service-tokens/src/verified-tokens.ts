import { hash } from 'node:crypto';
import type { AccessTokenClaims } from './access-token.ts';

interface Verified {
  readonly claims: AccessTokenClaims;
  readonly untilMs: number;
}

/** How long a token is believed without its signature being checked again: a withdrawn key counts that much longer. */
const keptMs = 60_000;
const maxTokens = 10_000;

/** Tokens whose signature was checked a short time ago: callers send the same one again and again, and each check costs a tenth of a millisecond. */
export class VerifiedTokens {
  readonly #kept = new Map<string, Verified>();

  /** The claims of a token that was kept and still holds. */
  find(token: string, nowMs: number): AccessTokenClaims | undefined {
    const verified = this.#kept.get(digestOf(token));
    return verified && nowMs < verified.untilMs ? verified.claims : undefined;
  }

  /** @param expiresAtMs when the token itself ends. */
  keep(token: string, claims: AccessTokenClaims, expiresAtMs: number, nowMs: number): void {
    const digest = digestOf(token);
    // A Map keeps the order of insertion: the one that was checked longest ago goes where there are too many.
    this.#kept.delete(digest);
    this.#kept.set(digest, { claims, untilMs: Math.min(expiresAtMs, nowMs + keptMs) });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxTokens) break;
      this.#kept.delete(oldest);
    }
  }
}

/** In place of the token, which nobody should find here. */
function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
