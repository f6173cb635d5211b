import { hkdfSync } from 'node:crypto';
import type { DataKeyContext, KeyEncryption, WrappedKey } from './key-encryption.ts';
import { openSecret, sealSecret, type SealingKeys, type SecretPlace } from './secret-sealing.ts';

const keyBytes = 32;
const nonceBytes = 12;

/**
 * The master keys of an installation, kept by the process itself: the current one seals and wraps, all of them open. Where
 * a key management service keeps them, another `KeyEncryption` takes this one's place.
 */
export class VaultKeys implements SealingKeys, KeyEncryption {
  readonly currentKeyId: string;
  readonly #masters: ReadonlyMap<string, Buffer>;

  private constructor(currentKeyId: string, masters: ReadonlyMap<string, Buffer>) {
    this.currentKeyId = currentKeyId;
    this.#masters = masters;
  }

  /**
   * Reads `keyId:base64 of 32 bytes`, several separated by commas, the current one first.
   * @throws Error naming the position and the fault, never the value.
   */
  static parse(setting: string): VaultKeys {
    const masters = new Map<string, Buffer>();
    for (const [index, entry] of setting.split(',').entries()) {
      const [, keyId, encoded] = /^\s*([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry) ?? [];
      if (keyId === undefined || encoded === undefined) {
        throw new Error(`Vault key ${index + 1} must be written as keyId:base64 with exactly 32 bytes.`);
      }
      if (masters.has(keyId)) throw new Error(`Vault key ${index + 1} has the same id as one before it.`);
      masters.set(keyId, Buffer.from(encoded, 'base64'));
    }
    const [currentKeyId] = masters.keys();
    if (currentKeyId === undefined) throw new Error('At least one vault key is needed.');
    return new VaultKeys(currentKeyId, masters);
  }

  /**
   * The key that is used for one scope only, derived from a master key (HKDF, RFC 5869): a tenant's secrets do not
   * open with another tenant's key, and each key seals so little that random nonces do not meet.
   */
  keyFor(keyId: string, scope: string): Buffer | undefined {
    const master = this.#masters.get(keyId);
    return master && Buffer.from(hkdfSync('sha256', master, '', `crossdock vault ${scope}`, keyBytes));
  }

  async wrap(dataKey: Buffer, context: DataKeyContext): Promise<WrappedKey> {
    const { keyId, nonce, ciphertext } = sealSecret(this, dataKey.toString('base64'), placeOf(context));
    return { wrappingKeyId: keyId, wrapped: Buffer.concat([nonce, ciphertext]) };
  }

  async unwrap({ wrappingKeyId, wrapped }: WrappedKey, context: DataKeyContext): Promise<Buffer> {
    const sealed = { keyId: wrappingKeyId, nonce: wrapped.subarray(0, nonceBytes), ciphertext: wrapped.subarray(nonceBytes) };
    return Buffer.from(openSecret(this, sealed, placeOf(context)), 'base64');
  }
}

function placeOf({ tenantId, dataKeyId }: DataKeyContext): SecretPlace {
  return [tenantId, 'data-key', dataKeyId];
}
