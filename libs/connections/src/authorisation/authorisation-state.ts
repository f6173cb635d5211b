import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { DataKeys } from '../vault/data-keys.ts';

/** The keys of the installation itself belong to this tenant, which no person is of. */
const installationTenant = '00000000-0000-4000-8000-000000000000';
const scope = 'authorisation-state';
const statePattern = /^([\w-]{43})\.([0-9a-f-]{36})\.([\w-]{43})$/;

/** A random value of 256 bits for addresses and cookies. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token: who reads the table cannot use it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The challenge for a PKCE verifier (RFC 7636, method S256). */
export function codeChallengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/**
 * The `state` of authorisations: 256 random bits, signed with a key of the installation. A made-up one is told from one that
 * has run out, and costs no look at the authorisations.
 */
export class AuthorisationStates {
  readonly #database: TenantDatabase;
  readonly #keys: DataKeys;

  constructor(database: TenantDatabase, keys: DataKeys) {
    this.#database = database;
    this.#keys = keys;
  }

  async make(): Promise<string> {
    const random = randomToken();
    const keys = await this.#database.transaction(installationTenant, (manager) => this.#keys.current(manager, installationTenant));
    const signature = sign(keys.keyFor(keys.currentKeyId, scope), random);
    return `${random}.${keys.currentKeyId}.${signature.toString('base64url')}`;
  }

  /** Whether a state was made here. */
  async isGenuine(state: string): Promise<boolean> {
    const [, random, keyId, signature] = statePattern.exec(state) ?? [];
    if (random === undefined || keyId === undefined || signature === undefined) return false;
    const key = await this.#findKey(keyId);
    if (!key) return false;
    const [expected, given] = [sign(key, random), Buffer.from(signature, 'base64url')];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async #findKey(keyId: string): Promise<Buffer | undefined> {
    try {
      const keys = await this.#database.transaction(installationTenant, (manager) => this.#keys.find(manager, installationTenant, keyId));
      return keys.keyFor(keyId, scope);
    } catch (thrown) {
      if (thrown instanceof Failure) return undefined;
      throw thrown;
    }
  }
}

function sign(key: Buffer | undefined, random: string): Buffer {
  if (!key) throw new Error('The installation has no key to sign with.');
  return createHmac('sha256', key).update(`${scope} ${random}`).digest();
}
