import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '@crossdock/contracts';

/** Keys that seal and open, by id. */
export interface SealingKeys {
  /** The key that seals now; others only open. */
  readonly currentKeyId: string;
  /** The key for one scope, such as a tenant; undefined where there is none of this id. */
  keyFor(keyId: string, scope: string): Buffer | undefined;
}

/** A secret as it may be stored. */
export interface SealedSecret {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** AES-256-GCM ciphertext followed by its 16-byte tag. */
  readonly ciphertext: Buffer;
}

/**
 * Where a secret belongs, from the outside in: its scope (a tenant, a service), then whatever names it there. A sealed
 * secret opens in its own place only: moved to another tenant, connection or field it stays shut.
 */
export type SecretPlace = readonly [scope: string, ...names: string[]];

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals a secret with the current key and a fresh random nonce. */
export function sealSecret(keys: SealingKeys, secret: string, place: SecretPlace): SealedSecret {
  const keyId = keys.currentKeyId;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, requiredKey(keys, keyId, place), nonce, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(keyId, place));
  const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId, nonce, ciphertext };
}

/**
 * Opens a sealed secret.
 * @throws Failure `unexpected` where its key is not configured, or it was changed or sealed for another place.
 */
export function openSecret(keys: SealingKeys, sealed: SealedSecret, place: SecretPlace): string {
  const key = requiredKey(keys, sealed.keyId, place);
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(sealed.keyId, place));
    decipher.setAuthTag(sealed.ciphertext.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw new Failure('unexpected', 'A stored secret does not open: it was changed, or sealed for another place.');
  }
}

function requiredKey(keys: SealingKeys, keyId: string, [scope]: SecretPlace): Buffer {
  const key = keys.keyFor(keyId, scope);
  if (!key) throw new Failure('unexpected', `A stored secret needs the key "${keyId}", which is not configured.`);
  return key;
}

/** JSON keeps the parts apart, so that no two places read the same. */
function additionalData(keyId: string, place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([keyId, ...place]), 'utf8');
}
