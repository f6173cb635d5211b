import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { apiKeyBeginning } from '@crossdock/service-tokens';

/** A key as its owner holds it, and what is kept of it. */
export interface NewApiKey {
  /** Shown once, to whoever made it. */
  readonly key: string;
  /** What may be shown: its beginning, by which it is found. */
  readonly prefix: string;
  readonly secretHash: Buffer;
}

const keyPattern = new RegExp(`^(${apiKeyBeginning}[0-9a-f]{16})_([A-Za-z0-9_-]{43})$`);

/** A key with 256 random bits. They cannot be guessed, so a plain hash of them is as good as a slow one (ASVS 5.0, 11.4.2 is for passwords). */
export function newApiKey(): NewApiKey {
  const prefix = apiKeyBeginning + randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { key: `${prefix}_${secret}`, prefix, secretHash: hashOf(secret) };
}

/** The two parts of a key; nothing where it is none of ours. */
export function readApiKey(key: string): Pick<NewApiKey, 'prefix' | 'secretHash'> | undefined {
  const [, prefix, secret] = keyPattern.exec(key) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secretHash: hashOf(secret) };
}

/** Whether a secret is the one that was kept; takes the same time wherever they differ. */
export function isSameSecret(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
