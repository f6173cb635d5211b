import type { Connection } from '@crossdock/connections';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

type Account = Pick<Connection, 'id' | 'tenantId'>;

const rowsSchema = z.array(z.object({ dealId: z.string(), digest: z.uuid() }));

/** The digests of the lines that these deals were last given, in the caller's tenant transaction. */
export async function readLineDigests(manager: EntityManager, { id, tenantId }: Account, dealIds: readonly string[]): Promise<Map<string, string>> {
  const rows = rowsSchema.parse(await manager.query(
    'SELECT deal_id AS "dealId", digest FROM deal_lines WHERE tenant_id = $1 AND connection_id = $2 AND deal_id = ANY($3)', [tenantId, id, dealIds]));
  return new Map(rows.map(({ dealId, digest }) => [dealId, digest]));
}

/** Keeps which lines a deal was given, in the transaction that ends the work. */
export async function keepLineDigest(manager: EntityManager, { id, tenantId }: Account, dealId: string, digest: string): Promise<void> {
  await manager.query(
    `INSERT INTO deal_lines (tenant_id, connection_id, deal_id, digest) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, connection_id, deal_id) DO UPDATE SET digest = excluded.digest`, [tenantId, id, dealId, digest]);
}
