import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { findTenantTables, type TenantTable } from './tenant-tables.ts';

/** The machinery's own books, and what is sealed: nothing of them is the tenant's to have. */
const ownTables: ReadonlySet<string> = new Set([
  'task', 'outbox', 'inbox', 'dead_letter', 'event_replay', 'tenant_standing', 'data_key', 'credential', 'authorisation', 'idempotent_call', 'ended_session', 'received_webhook', 'person_clue', 'person_export_part',
]);
const rowsAtOnce = 500;

/**
 * All that the schemas hold of a tenant, as lines of JSON: `{"table", "row"}`. Columns of bytes are left out: they are hashes and what is sealed.
 * Each table is as it was when its turn came; a reader that is slow for a minute ends it.
 */
export function exportTenant(database: TenantDatabase, tenantId: string, schemas: readonly string[]): Readable {
  const lines = new PassThrough();
  database.transaction(tenantId, async (manager) => {
    for (const table of await findTenantTables(manager, schemas)) {
      if (!ownTables.has(table.table)) await writeTable(manager, tenantId, table, lines);
    }
  }).then(() => lines.end(), (error: unknown) => lines.destroy(error instanceof Error ? error : new Error(String(error))));
  return lines;
}

async function writeTable(manager: EntityManager, tenantId: string, { name, table }: TenantTable, lines: PassThrough): Promise<void> {
  const hidden = await manager.query<Array<{ readonly attname: string }>>(
    `SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'bytea'::regtype`, [name]);
  await manager.query(`DECLARE exported NO SCROLL CURSOR FOR SELECT to_jsonb(kept) - $2::text[] AS row FROM ${name} AS kept WHERE tenant_id = $1`, [tenantId, hidden.map(({ attname }) => attname)]);
  for (;;) {
    const rows = await manager.query<Array<{ readonly row: unknown }>>(`FETCH ${rowsAtOnce} FROM exported`);
    for (const { row } of rows) if (!lines.write(`${JSON.stringify({ table, row })}\n`)) await once(lines, 'drain');
    if (rows.length < rowsAtOnce) break;
  }
  await manager.query('CLOSE exported');
}
