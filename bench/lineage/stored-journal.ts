import type { DataSource } from 'typeorm';
import { idOf } from '../stored-ids.ts';

const days = 30;
const tenants = 50;
const eventsPerCause = 4;
const wayLength = 1_000;

/** The record that is asked for. */
export const askedRecord = 'order/6a0c4f0e-52f7-4d3f-8f0a-2f4f7f1f6f10';

/**
 * Puts events into the journal as if they had been heard on the days before: those of fifty tenants, four of each cause, each naming itself and one of the
 * records of its tenant; and for one tenant a record that a thousand events name.
 */
export async function storeJournal(admin: DataSource, { tenantId, entries }: { readonly tenantId: string; readonly entries: number }): Promise<void> {
  for (const table of ['journal_entry', 'journal_record']) {
    for (let day = 1; day <= days; day += 1) {
      await admin.query(`CREATE TABLE ${table}_bench_${day} PARTITION OF ${table} FOR VALUES FROM (current_date - ${day}) TO (current_date - ${day - 1})`);
    }
  }
  await store(admin, { tenantId, first: 1, last: entries - wayLength, record: `'order/' || ${idOf(`'order' || n / ${eventsPerCause * 5}`)}` });
  await store(admin, { tenantId, first: entries - wayLength + 1, last: entries, record: `'${askedRecord}'`, ofTenant: true });
  await admin.query('VACUUM ANALYZE journal_entry, journal_record');
}

async function store(
  admin: DataSource, { tenantId, first, last, record, ofTenant = false }: { readonly tenantId: string; readonly first: number; readonly last: number; readonly record: string; readonly ofTenant?: boolean },
): Promise<void> {
  const tenant = ofTenant ? '$1::uuid' : `CASE WHEN (n / ${eventsPerCause}) % ${tenants} = 0 THEN $1::uuid ELSE ${idOf(`'tenant' || (n / ${eventsPerCause}) % ${tenants}`)} END`;
  // Numbers go round the days; what has one cause happens within a second.
  const at = `current_date - 1 - (n / ${eventsPerCause}) % ${days} + make_interval(secs => (n / ${eventsPerCause * days}) % 86000 + n % ${eventsPerCause} / 10.0)`;
  const events = `
    SELECT ${idOf(`'event' || n`)} AS event_id, ${tenant} AS tenant_id, (${at}) AT TIME ZONE 'UTC' AS at, (${at})::date AS day, ${record} AS record,
           ${idOf(`'cause' || n / ${eventsPerCause}`)} AS cause
    FROM generate_series($2::int, $3::int) AS n`;
  await admin.query(
    `INSERT INTO journal_entry (entry_day, event_id, tenant_id, at, type, service, subject, correlation_id)
     SELECT day, event_id, tenant_id, at, 'commerce.order.changed.v1', 'orders', record, cause FROM (${events}) AS told`, [tenantId, first, last]);
  await admin.query(
    `INSERT INTO journal_record (entry_day, event_id, tenant_id, record_id, record, correlation_id, at)
     SELECT day, event_id, tenant_id, split_part(name, '/', 2), name, cause, at
     FROM (${events}) AS told, LATERAL (VALUES (record), ('event/' || event_id)) AS names(name)`, [tenantId, first, last]);
}
