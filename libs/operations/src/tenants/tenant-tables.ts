import type { EntityManager } from 'typeorm';

/** A table, or partitioned table, that holds rows of tenants. */
export interface TenantTable {
  /** With its schema, quoted for SQL. */
  readonly name: string;
  /** The name alone. */
  readonly table: string;
}

/** The tables of the schemas that hold rows of tenants, as PostgreSQL's own catalogue knows them, so that none is forgotten. */
export async function findTenantTables(manager: EntityManager, schemas: readonly string[]): Promise<TenantTable[]> {
  return manager.query<TenantTable[]>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname AS "table"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
     ORDER BY 1`,
    [schemas],
  );
}
