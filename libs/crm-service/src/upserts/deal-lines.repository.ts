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

/** Which lines a deal was given. */
export interface GivenLines {
  readonly account: Account;
  readonly dealId: string;
  readonly digest: string;
}

/** Keeps which lines deals were given, of each the last, by one statement in the transaction that ends the work. */
export async function keepLineDigests(manager: EntityManager, given: readonly GivenLines[]): Promise<void> {
  const last = [...new Map(given.map((lines) => [`${lines.account.id}/${lines.dealId}`, lines])).values()];
  await manager.query(
    `INSERT INTO deal_lines (tenant_id, connection_id, deal_id, digest) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
     ON CONFLICT (tenant_id, connection_id, deal_id) DO UPDATE SET digest = excluded.digest`,
    [last.map(({ account }) => account.tenantId), last.map(({ account }) => account.id), last.map(({ dealId }) => dealId), last.map(({ digest }) => digest)]);
}
