import { randomBytes } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { KeyEncryption, WrappedKey } from './key-encryption.ts';
import type { SealingKeys } from './secret-sealing.ts';

const dataKeyBytes = 32;
/** So many opened keys are remembered, and for so long: a wrapping key that was withdrawn holds for no longer than that. */
const maxOpened = 10_000;
const openedForMs = 5 * 60_000;

/** A data key as it is stored. */
export interface DataKeyRow extends WrappedKey {
  readonly id: string;
}

/**
 * The keys that a tenant's secrets are sealed with. Each tenant has its own; they are stored wrapped, and one of them is
 * the current one.
 */
export class DataKeys {
  readonly #wrapping: KeyEncryption;
  readonly #opened = new Map<string, { readonly key: Buffer; readonly untilMs: number }>();

  constructor(wrapping: KeyEncryption) {
    this.#wrapping = wrapping;
  }

  get wrappingKeyId(): string {
    return this.#wrapping.currentKeyId;
  }

  /** The tenant's key that seals now; makes one where there is none, or where the one there is does not open any more. */
  async current(manager: EntityManager, tenantId: string): Promise<SealingKeys> {
    const [row] = await selectKeys(manager, 'tenant_id = $1 AND is_current', [tenantId]);
    if (!row) return this.#make(manager, tenantId);
    try {
      return await this.#open(tenantId, row);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      return this.replace(manager, tenantId);
    }
  }

  /** @throws Failure where the key is gone or does not open. */
  async find(manager: EntityManager, tenantId: string, id: string): Promise<SealingKeys> {
    const opened = this.#remembered(id);
    if (opened) return sealingKeys(id, opened);
    const [row] = await selectKeys(manager, 'tenant_id = $1 AND id = $2', [tenantId, id]);
    return this.findIn(tenantId, row);
  }

  /** The same where the key's row has been read already. */
  async findIn(tenantId: string, row: DataKeyRow | undefined): Promise<SealingKeys> {
    if (!row) throw new Failure('unexpected', 'The data key of a stored secret is gone.');
    return this.#open(tenantId, row);
  }

  /** Gives the tenant a new key; what was sealed with the ones before still opens. */
  async replace(manager: EntityManager, tenantId: string): Promise<SealingKeys> {
    await manager.query('UPDATE connections.data_key SET is_current = false, replaced_at = now() WHERE tenant_id = $1 AND is_current', [tenantId]);
    return this.#make(manager, tenantId);
  }

  async #make(manager: EntityManager, tenantId: string): Promise<SealingKeys> {
    const [id, key] = [uuid(), randomBytes(dataKeyBytes)];
    const { wrappingKeyId, wrapped } = await this.#wrapping.wrap(key, { tenantId, dataKeyId: id });
    const inserted = await manager.query<unknown[]>(
      `INSERT INTO connections.data_key (id, tenant_id, wrapping_key_id, wrapped, is_current) VALUES ($1, $2, $3, $4, true)
       ON CONFLICT (tenant_id) WHERE is_current DO NOTHING RETURNING id`,
      [id, tenantId, wrappingKeyId, wrapped],
    );
    // Somebody else made the tenant's key in the same moment.
    return inserted.length > 0 ? sealingKeys(id, this.#remember(id, key)) : this.current(manager, tenantId);
  }

  async #open(tenantId: string, { id, wrappingKeyId, wrapped }: DataKeyRow): Promise<SealingKeys> {
    const key = this.#remembered(id)
      ?? this.#remember(id, await this.#wrapping.unwrap({ wrappingKeyId, wrapped }, { tenantId, dataKeyId: id }));
    return sealingKeys(id, key);
  }

  #remembered(id: string): Buffer | undefined {
    const found = this.#opened.get(id);
    return found && found.untilMs > Date.now() ? found.key : undefined;
  }

  #remember(id: string, key: Buffer): Buffer {
    this.#opened.delete(id);
    this.#opened.set(id, { key, untilMs: Date.now() + openedForMs });
    const oldest = this.#opened.keys().next();
    if (this.#opened.size > maxOpened && !oldest.done) this.#opened.delete(oldest.value);
    return key;
  }
}

function sealingKeys(id: string, key: Buffer): SealingKeys {
  return { currentKeyId: id, keyFor: (keyId) => (keyId === id ? key : undefined) };
}

async function selectKeys(manager: EntityManager, condition: string, values: readonly string[]): Promise<DataKeyRow[]> {
  return manager.query<DataKeyRow[]>(
    `SELECT id, wrapping_key_id AS "wrappingKeyId", wrapped FROM connections.data_key WHERE ${condition}`, [...values]);
}
