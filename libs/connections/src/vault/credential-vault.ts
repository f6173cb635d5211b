import { asFailure, Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { ConnectionSecrets } from '../authorisation/vendor-authorisation.ts';
import type { Connection } from '../connection.ts';
import { DataKeys, type DataKeyRow } from './data-keys.ts';
import type { KeyEncryption } from './key-encryption.ts';
import { openSecret, sealSecret, type SealedSecret, type SealingKeys } from './secret-sealing.ts';

export interface StoredSecret {
  readonly secret: string;
  readonly expiresAt: Date | undefined;
}

/** Whose secrets: the part of a connection that a secret is bound to. */
export type SecretOwner = Pick<Connection, 'id' | 'tenantId'>;

/** Where a secret lies; `ciphertext` and all belong to one row. */
export interface CredentialRow extends SealedSecret {
  readonly field: string;
  readonly expiresAt: Date | null;
}

export const credentialColumns = 'field, data_key_id AS "keyId", nonce, ciphertext, expires_at AS "expiresAt"';

/** A stored secret does not open: its key is not configured, or it was changed or moved. The connection needs a person. */
export class SecretUnreadable extends Failure {
  constructor(field: string, cause: unknown) {
    super('unauthorised', `The stored ${field} does not open: the vault key that it needs is missing, or it was changed. Connect the account again.`, { cause });
    this.name = 'SecretUnreadable';
  }
}

/**
 * Secrets of connections, by field name such as `refresh_token` or `webhook_secret`. Each is sealed with its tenant's data
 * key for its own place: it opens for this tenant, connection and field only.
 */
export class CredentialVault {
  readonly #database: TenantDatabase;
  readonly #keys: DataKeys;

  constructor(database: TenantDatabase, keys: KeyEncryption) {
    this.#database = database;
    this.#keys = new DataKeys(keys);
  }

  /** Stores a secret in the caller's tenant transaction, in place of the one that was there. */
  async put(manager: EntityManager, owner: SecretOwner, field: string, secret: string, expiresAt?: Date): Promise<void> {
    const sealingKeys = await this.#keys.current(manager, owner.tenantId);
    const { keyId, nonce, ciphertext } = sealSecret(sealingKeys, secret, [owner.tenantId, owner.id, field]);
    await manager.query(
      `INSERT INTO connections.credential (connection_id, tenant_id, field, data_key_id, nonce, ciphertext, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (connection_id, field) DO UPDATE SET data_key_id = excluded.data_key_id, nonce = excluded.nonce,
         ciphertext = excluded.ciphertext, expires_at = excluded.expires_at, updated_at = now()`,
      [owner.id, owner.tenantId, field, keyId, nonce, ciphertext, expiresAt ?? null],
    );
  }

  /**
   * Reads a secret.
   * @throws Failure `unauthorised` where the connection has none of this name, or it does not open: it must be connected anew.
   */
  async read(tenantId: string, connectionId: string, field: string): Promise<string> {
    const [secret = ''] = await this.#readEach({ tenantId, id: connectionId }, [field]);
    return secret;
  }

  /**
   * Does work with secrets of a connection. Where the vendor refuses them and others have taken their place meanwhile, it
   * is done once more with those: whoever exchanges keys need not wait for the calls that are under way.
   * @throws Failure as `read` and the work do.
   */
  async use<Result>(owner: SecretOwner, fields: readonly string[], work: (secrets: readonly string[]) => Promise<Result>): Promise<Result> {
    const secrets = await this.#readEach(owner, fields);
    try {
      return await work(secrets);
    } catch (thrown) {
      if (asFailure(thrown).kind !== 'unauthorised') throw thrown;
      const present = await this.#readEach(owner, fields);
      if (present.every((secret, index) => secret === secrets[index])) throw thrown;
      return work(present);
    }
  }

  /** Reads a secret, where there is one, in a tenant transaction that is already running. @throws SecretUnreadable */
  async find(manager: EntityManager, owner: SecretOwner, field: string): Promise<StoredSecret | undefined> {
    return this.#select(manager, owner, field, '');
  }

  /** The same, and keeps everybody else from changing or locking it until the transaction ends. @throws SecretUnreadable */
  async findAndLock(manager: EntityManager, owner: SecretOwner, field: string): Promise<StoredSecret | undefined> {
    return this.#select(manager, owner, field, 'FOR UPDATE');
  }

  /** All secrets of a connection by field. @throws SecretUnreadable where one does not open. */
  async findAll(manager: EntityManager, owner: SecretOwner): Promise<ConnectionSecrets> {
    const rows = await manager.query<CredentialRow[]>(
      `SELECT ${credentialColumns} FROM connections.credential WHERE connection_id = $1`, [owner.id]);
    const opened: Array<readonly [string, string]> = [];
    for (const row of rows) opened.push([row.field, await this.open(manager, owner, row)]);
    return Object.fromEntries(opened);
  }

  /** Forgets secrets of a connection: those named, or all. */
  async remove(manager: EntityManager, owner: SecretOwner, fields?: readonly string[]): Promise<void> {
    await manager.query(
      'DELETE FROM connections.credential WHERE connection_id = $1 AND ($2::text[] IS NULL OR field = ANY($2))', [owner.id, fields ?? null]);
  }

  /** @returns the secrets in the order of their fields. @throws Failure as `read`. */
  async #readEach(owner: SecretOwner, fields: readonly string[]): Promise<string[]> {
    return this.#database.transaction(owner.tenantId, async (manager) => {
      const rows = await manager.query<CredentialRow[]>(
        `SELECT ${credentialColumns} FROM connections.credential WHERE connection_id = $1 AND field = ANY ($2)`, [owner.id, fields]);
      const secrets: string[] = [];
      for (const field of fields) {
        const row = rows.find((each) => each.field === field);
        if (!row) throw new Failure('unauthorised', `The connection has no stored ${field}; connect it again.`);
        secrets.push(await this.open(manager, owner, row));
      }
      return secrets;
    });
  }

  async #select(manager: EntityManager, owner: SecretOwner, field: string, lock: '' | 'FOR UPDATE'): Promise<StoredSecret | undefined> {
    const [row] = await manager.query<CredentialRow[]>(
      `SELECT ${credentialColumns} FROM connections.credential WHERE connection_id = $1 AND field = $2 ${lock}`, [owner.id, field]);
    return row && { secret: await this.open(manager, owner, row), expiresAt: row.expiresAt ?? undefined };
  }

  /** Opens a row that was read with others. @throws SecretUnreadable */
  async open(manager: EntityManager, owner: SecretOwner, row: CredentialRow): Promise<string> {
    return openRow(owner, row, () => this.#keys.find(manager, owner.tenantId, row.keyId));
  }

  /** Opens a row that was read together with its data key's. @throws SecretUnreadable */
  async openWith(dataKey: DataKeyRow | undefined, owner: SecretOwner, row: CredentialRow): Promise<string> {
    return openRow(owner, row, () => this.#keys.findIn(owner.tenantId, dataKey));
  }
}

async function openRow(owner: SecretOwner, row: CredentialRow, findKeys: () => Promise<SealingKeys>): Promise<string> {
  try {
    return openSecret(await findKeys(), row, [owner.tenantId, owner.id, row.field]);
  } catch (thrown) {
    if (thrown instanceof Failure) throw new SecretUnreadable(row.field, thrown);
    throw thrown;
  }
}
