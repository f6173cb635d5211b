import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findTenantTables, type TenantTable } from '../tenants/tenant-tables.ts';

/** A table in which a person may be named. */
export interface SearchedTable extends TenantTable {
  readonly columns: readonly SearchedColumn[];
  /** Its rows are work or letters, and go with the person. */
  readonly isDeleted: boolean;
}

interface SearchedColumn {
  readonly name: string;
  readonly type: 'text' | 'json' | 'list' | 'bytes';
  /** PostgreSQL works it out of others. */
  readonly isGenerated: boolean;
}

/** What names nobody but by id, is gone within moments, or PostgreSQL itself keeps from being changed; and the requests themselves. */
const unsearched: ReadonlySet<string> = new Set([
  'inbox', 'outbox', 'tenant', 'tenant_standing', 'audit_entry', 'audit_head', 'audit_forgotten', 'audit_retention', 'connection_audit', 'operation_audit',
  'person_request', 'person_clue', 'person_answer', 'person_export_part', 'flag_change',
]);
/** What waits to be done, was given up, or is answered again word by word: written with a pseudonym it would go out into the world. */
const deleted: ReadonlySet<string> = new Set(['task', 'dead_letter', 'idempotent_call']);
/** Bytes that are what a vendor or a service sent; all other bytes are hashes or sealed. */
const readableBytes: ReadonlySet<string> = new Set(['received_webhook.body', 'dead_letter.body']);

const columnsSchema = z.array(z.object({ table: z.string(), name: z.string(), type: z.enum(['text', 'json', 'list', 'bytes']), isGenerated: z.boolean() }));

/** The tables of the schemas that hold text of tenants, as PostgreSQL's own catalogue knows them, so that none is forgotten. */
export async function findSearchedTables(manager: EntityManager, schemas: readonly string[]): Promise<SearchedTable[]> {
  const tables = (await findTenantTables(manager, schemas)).filter(({ table }) => !unsearched.has(table));
  const columns = columnsSchema.parse(await manager.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS "table", a.attname AS name, a.attgenerated <> '' AS "isGenerated",
       CASE WHEN a.atttypid IN ('jsonb'::regtype, 'json'::regtype) THEN 'json' WHEN a.atttypid = 'text[]'::regtype THEN 'list' WHEN a.atttypid = 'bytea'::regtype THEN 'bytes' ELSE 'text' END AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE format('%I.%I', n.nspname, c.relname) = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
       AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'json'::regtype, 'text[]'::regtype, 'bytea'::regtype)
     ORDER BY 1, a.attnum`, [tables.map(({ name }) => name)]));
  return tables.flatMap((each) => {
    const own = columns.filter(({ table, name, type }) => table === each.name && (type !== 'bytes' || readableBytes.has(`${each.table}.${name}`)));
    return own.length === 0 ? [] : [{ ...each, isDeleted: deleted.has(each.table), columns: own.map(({ name, type, isGenerated }) => ({ name, type, isGenerated })) }];
  });
}

/** SQL for all that a row says, in lower case. Bytes that are no text are written as escapes, and addresses in them as they are. */
export function textOfRow({ columns }: SearchedTable): string {
  return `lower(concat_ws(E'\\n', ${columns.map(({ name, type }) => (type === 'bytes' ? `encode("${name}", 'escape')` : `"${name}"::text`)).join(', ')}))`;
}
