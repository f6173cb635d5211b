import { hkdfSync } from 'node:crypto';

const keyBytes = 32;

/** The master keys of an installation: the current one seals, all of them open. */
export class VaultKeys {
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
}
