import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { parseConnections } from './connection-row.ts';
import type { CredentialVault } from './vault/credential-vault.ts';

const rowSchema = z.object({
  owner: z.looseObject({}), stateSince: z.date(), field: z.string().nullable(), keyId: z.string().nullable(), nonce: z.instanceof(Buffer).nullable(),
  ciphertext: z.instanceof(Buffer).nullable(), expiresAt: z.date().nullable(), wrappingKeyId: z.string().nullable(), wrapped: z.instanceof(Buffer).nullable(),
});

/** A connection with the secrets that were asked for, by field; what is not stored or has run out is absent. */
export interface ConnectionForIngest {
  readonly connection: Connection;
  readonly secrets: ReadonlyMap<string, string>;
}

/** Whose webhook it is and what verifies it, by one statement: the edge reads it for each connection again and again. */
export class IngestLookUp {
  readonly #database: TenantDatabase;
  readonly #vault: CredentialVault;

  constructor(database: TenantDatabase, vault: CredentialVault) {
    this.#database = database;
    this.#vault = vault;
  }

  /**
   * @returns undefined where there is no such connection, or it is disconnected. Its address is not opened.
   * @throws SecretUnreadable where a secret does not open.
   */
  async find(connectionId: string, fields: readonly string[]): Promise<ConnectionForIngest | undefined> {
    const rows = z.array(rowSchema).parse(await this.#database.queryOutsideTenants('SELECT * FROM connections.connection_for_ingest($1, $2)', [connectionId, fields]));
    const [first] = rows;
    if (!first) return undefined;
    const [found] = parseConnections([{ ...first.owner, stateSince: first.stateSince, keyId: null, nonce: null, ciphertext: null }]);
    if (!found) return undefined;
    const { connection } = found;
    const secrets = new Map<string, string>();
    for (const { field, keyId, nonce, ciphertext, expiresAt, wrappingKeyId, wrapped } of rows) {
      if (field === null || keyId === null || nonce === null || ciphertext === null || (expiresAt && expiresAt.getTime() <= Date.now())) continue;
      const dataKey = wrappingKeyId !== null && wrapped !== null ? { id: keyId, wrappingKeyId, wrapped } : undefined;
      secrets.set(field, await this.#vault.openWith(dataKey, connection, { field, keyId, nonce, ciphertext, expiresAt }));
    }
    return { connection, secrets };
  }
}
