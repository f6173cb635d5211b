import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { credentialColumns, CredentialVault, type CredentialRow } from './credential-vault.ts';
import { DataKeys } from './data-keys.ts';
import type { KeyEncryption } from './key-encryption.ts';

/** What became of a tenant's secrets. */
export interface ReEncryptionResult {
  readonly resealed: number;
  /** Secrets that do not open any more; they stay as they are, and their connections ask for a person. */
  readonly unreadable: number;
}

type OwnedCredentialRow = CredentialRow & { readonly connectionId: string };

/** Secrets that are sealed anew in one transaction: short, so that nobody who reads or writes one waits for long. */
const batchSize = 50;
/** A data key that was replaced is kept for so long: somebody may be about to use it. */
const keptAfterReplacement = '1 hour';

/**
 * Brings secrets under the current wrapping key after it was changed: each tenant gets a new data key, and its secrets are
 * sealed with that. Meanwhile everything is read and written as ever, since each row names its key. Cut off, it goes on
 * where it was: what is not sealed anew yet still names the old key.
 */
export class ReEncryption {
  readonly #database: TenantDatabase;
  readonly #vault: CredentialVault;
  readonly #keys: DataKeys;

  constructor(database: TenantDatabase, keys: KeyEncryption) {
    this.#database = database;
    this.#vault = new CredentialVault(database, keys);
    this.#keys = new DataKeys(keys);
  }

  /** Tenants that have data keys which another wrapping key than the current one has wrapped. */
  async findTenants(limit: number): Promise<string[]> {
    const rows: unknown = await this.#database.systemTransaction((manager) => manager.query(
      'SELECT DISTINCT tenant_id AS "tenantId" FROM connections.data_key WHERE wrapping_key_id <> $1 LIMIT $2', [this.#keys.wrappingKeyId, limit]));
    return z.array(z.object({ tenantId: z.uuid() })).parse(rows).map(({ tenantId }) => tenantId);
  }

  /** Seals a tenant's secrets anew, as many as there are until `signal` ends it. */
  async reseal(tenantId: string, signal: AbortSignal): Promise<ReEncryptionResult> {
    await this.#database.transaction(tenantId, async (manager) => {
      const stale = await manager.query<unknown[]>(
        'SELECT 1 FROM connections.data_key WHERE tenant_id = $1 AND is_current AND wrapping_key_id <> $2 FOR UPDATE', [tenantId, this.#keys.wrappingKeyId]);
      if (stale.length > 0) await this.#keys.replace(manager, tenantId);
    });
    let [resealed, unreadable, after] = [0, 0, ''];
    for (;;) {
      signal.throwIfAborted();
      const batch = await this.#resealBatch(tenantId, after);
      resealed += batch.resealed;
      unreadable += batch.unreadable;
      if (batch.last === undefined) break;
      after = batch.last;
    }
    await this.#removeUnused(tenantId);
    return { resealed, unreadable };
  }

  async #resealBatch(tenantId: string, after: string): Promise<ReEncryptionResult & { readonly last: string | undefined }> {
    return this.#database.transaction(tenantId, async (manager) => {
      const rows = await manager.query<OwnedCredentialRow[]>(
        `SELECT connection_id AS "connectionId", ${credentialColumns} FROM connections.credential
         WHERE tenant_id = $1 AND connection_id || '/' || field > $2
           AND data_key_id IN (SELECT id FROM connections.data_key WHERE tenant_id = $1 AND NOT is_current)
         ORDER BY connection_id || '/' || field LIMIT $3 FOR UPDATE`,
        [tenantId, after, batchSize],
      );
      let unreadable = 0;
      for (const row of rows) {
        const owner = { id: row.connectionId, tenantId };
        try {
          await this.#vault.put(manager, owner, row.field, await this.#vault.open(manager, owner, row), row.expiresAt ?? undefined);
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown;
          unreadable += 1;
        }
      }
      const last = rows.at(-1);
      return { resealed: rows.length - unreadable, unreadable, last: last && `${last.connectionId}/${last.field}` };
    });
  }

  async #removeUnused(tenantId: string): Promise<void> {
    await this.#database.transaction(tenantId, (manager) => manager.query(
      `DELETE FROM connections.data_key AS key WHERE tenant_id = $1 AND NOT is_current AND replaced_at < now() - interval '${keptAfterReplacement}'
         AND NOT EXISTS (SELECT 1 FROM connections.credential WHERE data_key_id = key.id)
         AND NOT EXISTS (SELECT 1 FROM connections.authorisation WHERE data_key_id = key.id)`,
      [tenantId]));
  }
}
