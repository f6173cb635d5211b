import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Connection } from './connection.ts';
import { openSecret, sealSecret, type SealedSecret } from './secret-sealing.ts';
import type { VaultKeys } from './vault-keys.ts';

export interface StoredSecret {
  readonly secret: string;
  readonly expiresAt: Date | undefined;
}

/** Whose secrets: the part of a connection that a secret is bound to. */
export type SecretOwner = Pick<Connection, 'id' | 'tenantId'>;

interface CredentialRow extends SealedSecret {
  readonly expiresAt: Date | null;
}

/** Secrets of connections, by field name such as `refresh_token` or `webhook_secret`, sealed for their place. */
export class CredentialVault {
  readonly #database: TenantDatabase;
  readonly #keys: VaultKeys;

  constructor(database: TenantDatabase, keys: VaultKeys) {
    this.#database = database;
    this.#keys = keys;
  }

  /** Stores a secret in the caller's tenant transaction, in place of the one that was there. */
  async put(manager: EntityManager, owner: SecretOwner, field: string, secret: string, expiresAt?: Date): Promise<void> {
    const { keyId, nonce, ciphertext } = sealSecret(this.#keys, secret, [owner.tenantId, owner.id, field]);
    await manager.query(
      `INSERT INTO connections.credential (connection_id, tenant_id, field, key_id, nonce, ciphertext, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (connection_id, field) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce,
         ciphertext = excluded.ciphertext, expires_at = excluded.expires_at, updated_at = now()`,
      [owner.id, owner.tenantId, field, keyId, nonce, ciphertext, expiresAt ?? null],
    );
  }

  /**
   * Reads a secret.
   * @throws Failure `unauthorised` where the connection has none of this name: it must be connected anew.
   */
  async read(tenantId: string, connectionId: string, field: string): Promise<string> {
    const stored = await this.#database.transaction(tenantId, (manager) =>
      this.find(manager, { tenantId, id: connectionId }, field));
    if (!stored) throw new Failure('unauthorised', `The connection has no stored ${field}; connect it again.`);
    return stored.secret;
  }

  /** Reads a secret, where there is one, in a tenant transaction that is already running. */
  async find(manager: EntityManager, owner: SecretOwner, field: string): Promise<StoredSecret | undefined> {
    return this.#select(manager, owner, field, '');
  }

  /** The same, and keeps everybody else from changing or locking it until the transaction ends. */
  async findAndLock(manager: EntityManager, owner: SecretOwner, field: string): Promise<StoredSecret | undefined> {
    return this.#select(manager, owner, field, 'FOR UPDATE');
  }

  async #select(
    manager: EntityManager, owner: SecretOwner, field: string, lock: '' | 'FOR UPDATE',
  ): Promise<StoredSecret | undefined> {
    const [row] = await manager.query<CredentialRow[]>(
      `SELECT key_id AS "keyId", nonce, ciphertext, expires_at AS "expiresAt"
       FROM connections.credential WHERE connection_id = $1 AND field = $2 ${lock}`,
      [owner.id, field],
    );
    if (!row) return undefined;
    const secret = openSecret(this.#keys, row, [owner.tenantId, owner.id, field]);
    return { secret, expiresAt: row.expiresAt ?? undefined };
  }
}
