import type { Connection } from '@crossdock/connections';
import type { CrmObject } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ToldRecord } from './record-news.ts';

/** Records of one kind of one account. */
export interface RecordScope {
  readonly connection: Pick<Connection, 'id' | 'tenantId'>;
  readonly object: CrmObject;
}

/** What is kept of a record that is told; a record that is gone keeps the time and digest that it had. */
export interface NewlyTold {
  readonly externalId: string;
  readonly modifiedAt: string;
  readonly digest: string;
  readonly gone?: 'archived' | 'merged' | undefined;
  readonly mergedInto?: string | undefined;
}

const rowSchema = z.object({
  externalId: z.string(), modifiedAt: z.date(), digest: z.string(), gone: z.enum(['archived', 'merged']).nullable(), mergedInto: z.string().nullable(),
  seenAt: z.date(), scanId: z.uuid().nullable(), told: z.int(),
}) satisfies z.ZodType<ToldRecord>;

/**
 * What was told of these records, in the caller's tenant transaction. Until that ends, others who tell of records of the
 * same kind and account wait: what is told later is committed later, so that no older state comes after a newer one.
 */
export async function lockTold(manager: EntityManager, { connection, object }: RecordScope, ids: readonly string[]): Promise<Map<string, ToldRecord>> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`crm-record/${connection.id}/${object}`]);
  const rows = z.array(rowSchema).parse(await manager.query(
    `SELECT external_id AS "externalId", modified_at AS "modifiedAt", encode(digest, 'hex') AS digest, gone, merged_into AS "mergedInto",
            seen_at AS "seenAt", scan_id AS "scanId", told
     FROM crm_record WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = ANY($4)`,
    [connection.tenantId, connection.id, object, ids]));
  return new Map(rows.map((row) => [row.externalId, row]));
}

/** @returns how often each has been told now. */
export async function keepTold(
  manager: EntityManager, { connection, object }: RecordScope, records: readonly NewlyTold[], at: { readonly seenAt: Date; readonly scanId?: string },
): Promise<Map<string, number>> {
  if (records.length === 0) return new Map();
  const rows = await manager.query<Array<{ externalId: string; told: number }>>(
    `INSERT INTO crm_record AS known (tenant_id, connection_id, object, external_id, modified_at, digest, gone, merged_into, seen_at, scan_id)
     SELECT $1, $2, $3, seen.external_id, seen.modified_at, decode(seen.digest, 'hex'), seen.gone, seen.merged_into, $9, $10
     FROM unnest($4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[]) AS seen (external_id, modified_at, digest, gone, merged_into)
     ON CONFLICT (tenant_id, connection_id, object, external_id) DO UPDATE SET
       modified_at = excluded.modified_at, digest = excluded.digest, gone = excluded.gone, merged_into = excluded.merged_into,
       seen_at = excluded.seen_at, scan_id = coalesce(excluded.scan_id, known.scan_id), told = known.told + 1
     RETURNING external_id AS "externalId", told`,
    [
      connection.tenantId, connection.id, object, records.map(({ externalId }) => externalId), records.map(({ modifiedAt }) => modifiedAt),
      records.map(({ digest }) => digest), records.map(({ gone }) => gone ?? null), records.map(({ mergedInto }) => mergedInto ?? null),
      at.seenAt, at.scanId ?? null,
    ]);
  return new Map(rows.map(({ externalId, told }) => [externalId, told]));
}

/** How many records a complete reading has told. */
export async function countTold(manager: EntityManager, { connection, object }: RecordScope, scanId: string): Promise<number> {
  const [row] = await manager.query<Array<{ told: number }>>(
    'SELECT count(*)::int AS told FROM crm_record WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND scan_id = $4',
    [connection.tenantId, connection.id, object, scanId]);
  return row?.told ?? 0;
}

/** The next records that were told once, are not known to be gone, and that a complete reading has not told, in the order of their ids. */
export async function listUntold(
  manager: EntityManager, { connection, object }: RecordScope, { scanId, after, limit }: { readonly scanId: string; readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await manager.query<Array<{ externalId: string }>>(
    `SELECT external_id AS "externalId" FROM crm_record
     WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id > $4 AND gone IS NULL AND scan_id IS DISTINCT FROM $5
     ORDER BY external_id LIMIT $6`,
    [connection.tenantId, connection.id, object, after, scanId, limit]);
  return rows.map(({ externalId }) => externalId);
}
