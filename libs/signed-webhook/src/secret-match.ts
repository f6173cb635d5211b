import { timingSafeEqual } from 'node:crypto';

/**
 * Whether what was given is what one of the secrets makes: a webhook has two of them while its secret is changed. Every
 * secret is tried, and each comparison takes the same time, so that the time taken tells nothing of them.
 */
export function matchesAnySecret(given: Uint8Array, secrets: readonly string[], expect: (secret: string) => Uint8Array): boolean {
  return secrets.map(expect).filter((expected) => expected.length === given.length && timingSafeEqual(given, expected)).length > 0;
}
