import { z } from 'zod';
import { connectionSchema, type UnopenedConnection } from './connection.ts';
import type { SealedSecret } from './vault/secret-sealing.ts';

/** The columns of a connection and of its sealed address, which is joined as `address`. */
export const connectionColumns = `connection.id, connection.tenant_id AS "tenantId", vendor, account_id AS "accountId",
  account_name AS "accountName", settings, state, state_code AS "stateCode", state_reason AS "stateReason", state_since AS "stateSince",
  address.data_key_id AS "keyId", address.nonce, address.ciphertext`;

/** A connection whose address is not opened yet. */
export interface SealedConnection {
  readonly connection: UnopenedConnection;
  readonly sealedEndpoint: SealedSecret | undefined;
}

const rowSchema = z.object({
  ...connectionSchema.omit({ endpoint: true }).shape,
  accountName: z.string().nullable(),
  stateCode: connectionSchema.shape.stateCode.nullable(),
  stateReason: z.string().nullable(),
  keyId: z.uuid().nullable(),
  nonce: z.instanceof(Buffer).nullable(),
  ciphertext: z.instanceof(Buffer).nullable(),
});

/** Reads rows of `connectionColumns`; a column that is null is absent in the connection. */
export function parseConnections(rows: unknown): SealedConnection[] {
  return z.array(rowSchema).parse(rows).map(({ accountName, stateCode, stateReason, keyId, nonce, ciphertext, ...rest }) => ({
    connection: {
      ...rest,
      ...(accountName !== null && { accountName }),
      ...(stateCode && { stateCode }),
      ...(stateReason !== null && { stateReason }),
    },
    sealedEndpoint: keyId && nonce && ciphertext ? { keyId, nonce, ciphertext } : undefined,
  }));
}
