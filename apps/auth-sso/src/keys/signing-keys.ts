import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { DataSource } from 'typeorm';
import type { VaultKeys } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { privateKeySchema, signatureAlgorithm, type Es256PrivateKey, type Es256PublicKey } from '@crossdock/service-tokens';
import { planKeys } from './key-schedule.ts';
import {
  deleteSigningKeys, insertSigningKey, lockSigningKeys, openSigningKey, readSigningKeys, type StoredSigningKey,
} from './signing-key.repository.ts';

export interface SigningKeysOptions {
  readonly dataSource: DataSource;
  readonly vaultKeys: VaultKeys;
  readonly lifetimeMs: number;
  readonly now: () => Date;
}

/**
 * The issuer's keys: one signs, the next is published before it takes over, the last stays published until its tokens
 * have run out. PostgreSQL holds them; each replica keeps a copy and decides by its clock which one signs.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #stored: readonly StoredSigningKey[] = [];
  #opened: { readonly kid: string; readonly privateJwk: Es256PrivateKey } | undefined;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** Reads the keys, makes the next one where it is due and drops those nothing is signed with any more. */
  async refresh(): Promise<void> {
    const { dataSource, vaultKeys, lifetimeMs, now } = this.#options;
    this.#stored = await dataSource.transaction(async (manager) => {
      await lockSigningKeys(manager);
      const plan = planKeys(await readSigningKeys(manager), now(), lifetimeMs);
      if (plan.createActiveFrom) {
        await insertSigningKey(manager, vaultKeys, { ...await newSigningKey(), activeFrom: plan.createActiveFrom });
      }
      await deleteSigningKeys(manager, plan.expired);
      return readSigningKeys(manager);
    });
  }

  /**
   * The key that signs now.
   * @throws Failure `transient` before the keys were read for the first time.
   */
  current(): { readonly kid: string; readonly privateJwk: Es256PrivateKey } {
    const { vaultKeys, lifetimeMs, now } = this.#options;
    const { signing } = planKeys(this.#stored, now(), lifetimeMs);
    const stored = this.#stored.find(({ kid }) => kid === signing);
    if (!stored) throw new Failure('transient', 'The signing keys have not been read yet.');
    if (this.#opened?.kid !== stored.kid) this.#opened = { kid: stored.kid, privateJwk: openSigningKey(vaultKeys, stored) };
    return this.#opened;
  }

  /** Public parts of all keys that sign, will sign, or have signed what may still be valid. */
  published(): Es256PublicKey[] {
    return this.#stored.map(({ publicJwk }) => publicJwk);
  }
}

async function newSigningKey(): Promise<{ kid: string; privateJwk: Es256PrivateKey }> {
  const { privateKey } = await generateKeyPair(signatureAlgorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateJwk: privateKeySchema.parse({ ...jwk, kid, alg: signatureAlgorithm, use: 'sig' }) };
}
