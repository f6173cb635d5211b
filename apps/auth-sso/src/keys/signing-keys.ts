import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { EntityManager } from 'typeorm';
import type { VaultKeys } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { audit, type Actor } from '@crossdock/operations';
import { privateKeySchema, signatureAlgorithm, type Es256PrivateKey, type Es256PublicKey } from '@crossdock/service-tokens';
import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { planKeys, publishAheadMs } from './key-schedule.ts';
import {
  deleteSigningKeys, insertSigningKey, lockSigningKeys, openSigningKey, readSigningKeys, resealSigningKey, type StoredSigningKey,
} from './signing-key.repository.ts';

export interface SigningKeysOptions {
  readonly database: TenantDatabase;
  readonly vaultKeys: VaultKeys;
  readonly lifetimeMs: number;
  readonly now: () => Date;
}

/** A signing key as operators see it. Times are ISO 8601 in UTC. */
export const keyViewSchema = z.object({
  kid: z.string(),
  activeFrom: z.iso.datetime().describe('When it begins to sign.'),
  state: z.enum(['next', 'signing', 'retired']).describe('`next` is published and does not sign yet; `retired` is published until its last token has run out.'),
}).meta({ id: 'SigningKey' });
export type KeyView = z.infer<typeof keyViewSchema>;

/** Who has keys changed, and why. */
export interface KeyChange {
  readonly actor: Actor;
  readonly reason: string;
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

  /** Reads the keys, makes the next one where it is due, drops those nothing is signed with any more, and seals with the vault's current key what another one sealed. */
  refresh(): Promise<void> {
    return this.#change(async (manager, stored) => {
      const { vaultKeys, lifetimeMs, now } = this.#options;
      const plan = planKeys(stored, now(), lifetimeMs);
      if (plan.createActiveFrom) await this.#make(manager, plan.createActiveFrom);
      await deleteSigningKeys(manager, plan.expired);
      for (const key of stored.filter(({ kid, sealed }) => sealed.keyId !== vaultKeys.currentKeyId && !plan.expired.includes(kid))) {
        // One that does not open stays as it is: whoever would sign with it says so.
        await resealSigningKey(manager, vaultKeys, key).catch((thrown: unknown) => {
          if (!(thrown instanceof Failure)) throw thrown;
        });
      }
    });
  }

  /** Has the next key take over as soon as everybody has read it, rather than at the end of the last one's life. One that is on its way already is that key. */
  exchange({ actor, reason }: KeyChange): Promise<void> {
    return this.#change(async (manager, stored) => {
      const nowMs = this.#options.now().getTime();
      const next = stored.find(({ activeFrom }) => activeFrom.getTime() > nowMs);
      const kid = next?.kid ?? await this.#make(manager, new Date(nowMs + publishAheadMs));
      await audit(manager, { actor, reason, action: 'signing_key.exchange', recordKind: 'signing_key', recordId: kid, result: next ? 'unchanged' : 'done' });
    });
  }

  /** Puts a new key in the place of all there are, at once: for keys that somebody else has. Tokens they signed are refused by whoever reads the keys anew. */
  withdraw({ actor, reason }: KeyChange): Promise<void> {
    return this.#change(async (manager, stored) => {
      await deleteSigningKeys(manager, stored.map(({ kid }) => kid));
      const kid = await this.#make(manager, this.#options.now());
      await audit(manager, { actor, reason, action: 'signing_key.withdraw', recordKind: 'signing_key', recordId: kid, result: 'done' });
    });
  }

  /** Reads the keys as they are, and changes none. */
  async read(): Promise<void> {
    this.#stored = await this.#options.database.systemTransaction(readSigningKeys);
  }

  /** The keys there are, oldest first. */
  list(): KeyView[] {
    const { lifetimeMs, now } = this.#options;
    const { signing } = planKeys(this.#stored, now(), lifetimeMs);
    return this.#stored.map(({ kid, activeFrom }) => ({
      kid, activeFrom: activeFrom.toISOString(), state: kid === signing ? 'signing' : activeFrom > now() ? 'next' : 'retired',
    }));
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

  async #change(work: (manager: EntityManager, stored: readonly StoredSigningKey[]) => Promise<void>): Promise<void> {
    this.#stored = await this.#options.database.systemTransaction(async (manager) => {
      await lockSigningKeys(manager);
      await work(manager, await readSigningKeys(manager));
      return readSigningKeys(manager);
    });
  }

  /** @returns the key's id. */
  async #make(manager: EntityManager, activeFrom: Date): Promise<string> {
    const key = await newSigningKey();
    await insertSigningKey(manager, this.#options.vaultKeys, { ...key, activeFrom });
    return key.kid;
  }
}

async function newSigningKey(): Promise<{ kid: string; privateJwk: Es256PrivateKey }> {
  const { privateKey } = await generateKeyPair(signatureAlgorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateJwk: privateKeySchema.parse({ ...jwk, kid, alg: signatureAlgorithm, use: 'sig' }) };
}
