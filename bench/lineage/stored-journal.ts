import type { DataSource, QueryRunner } from 'typeorm';
import { idOf } from '../stored-ids.ts';

const days = 30;
const tenants = 50;
const eventsPerCause = 4;
const wayLength = 1_000;
const indexMemoryMegabytes = 256;

/** The record that is asked for. */
export const askedRecord = 'order/6a0c4f0e-52f7-4d3f-8f0a-2f4f7f1f6f10';

/**
 * Puts events into the journal as if they had been heard on the days before: those of fifty tenants, four of each cause, each naming one of the
 * records of its tenant; and for one tenant a record that a thousand events name.
 */
export async function storeJournal(admin: DataSource, { tenantId, entries }: { readonly tenantId: string; readonly entries: number }): Promise<void> {
  const session = admin.createQueryRunner();
  try {
    await session.query('SET statement_timeout = 0');
    await session.query(`SET maintenance_work_mem = '${indexMemoryMegabytes}MB'`);
    for (let daysAgo = 1; daysAgo <= days; daysAgo += 1) {
      for (const { table, fill, primaryKey } of tablesOfDay) await storeDay(session, { table, daysAgo, rows: fill({ tenantId, entries, daysAgo }), primaryKey });
    }
    await session.query('VACUUM ANALYZE journal_entry, journal_record');
    for (const setting of ['statement_timeout', 'maintenance_work_mem']) await session.query(`RESET ${setting}`);
  } finally {
    await session.release();
  }
}

interface Day {
  readonly tenantId: string;
  readonly entries: number;
  readonly daysAgo: number;
}

/** How the rows of a day come about, and by what they are told apart. */
const tablesOfDay: ReadonlyArray<{ readonly table: string; readonly fill: (day: Day) => string; readonly primaryKey: string }> = [
  {
    table: 'journal_entry',
    fill: (day) => `(entry_day, event_id, tenant_id, at, type, service, subject, correlation_id)
      SELECT day, event_id, tenant_id, at, 'commerce.order.changed.v1', 'orders', record, cause FROM (${eventsOf(day)}) AS told`,
    primaryKey: 'event_id, entry_day',
  },
  {
    table: 'journal_record',
    fill: (day) => `(entry_day, event_id, tenant_id, record_id, record, correlation_id, at)
      SELECT day, event_id, tenant_id, split_part(record, '/', 2), record, cause, at FROM (${eventsOf(day)}) AS told`,
    primaryKey: 'entry_day, tenant_id, record_id, record, event_id',
  },
];

/** A partition is filled first, and its primary key is sorted once: millions of searches in it would take many times as long. Other indexes are made as it is attached. */
async function storeDay(
  session: QueryRunner, { table, daysAgo, rows, primaryKey }: { readonly table: string; readonly daysAgo: number; readonly rows: string; readonly primaryKey: string },
): Promise<void> {
  const partition = `${table}_bench_${daysAgo}`;
  await session.query(`CREATE TABLE ${partition} (LIKE ${table} INCLUDING DEFAULTS)`);
  await session.query(`INSERT INTO ${partition} ${rows}`);
  await session.query(`ALTER TABLE ${partition} ADD PRIMARY KEY (${primaryKey})`);
  await session.query(`ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES FROM (current_date - ${daysAgo}) TO (current_date - ${daysAgo - 1})`);
}

/** Causes go round the days; what has one cause happens within a second. The last thousand events are those of the record that is asked for. */
function eventsOf({ tenantId, entries, daysAgo }: Day): string {
  const ofRecord = `n > ${entries - wayLength}`;
  return `
    SELECT ${idOf(`'event' || n`)} AS event_id, at AT TIME ZONE 'UTC' AS at, at::date AS day, ${idOf(`'cause' || cause`)} AS cause,
           CASE WHEN ${ofRecord} OR cause % ${tenants} = 0 THEN '${tenantId}'::uuid ELSE ${idOf(`'tenant' || cause % ${tenants}`)} END AS tenant_id,
           CASE WHEN ${ofRecord} THEN '${askedRecord}' ELSE 'order/' || ${idOf(`'order' || n / ${eventsPerCause * 5}`)} END AS record
    FROM generate_series(${daysAgo - 1}, ${Math.floor((entries - 1) / eventsPerCause)}, ${days}) AS cause, generate_series(0, ${eventsPerCause - 1}) AS place,
         LATERAL (SELECT cause * ${eventsPerCause} + place + 1 AS n) AS numbered,
         LATERAL (SELECT current_date - ${daysAgo} + make_interval(secs => cause / ${days} % 86000 + place / 10.0) AS at) AS timed
    WHERE n <= ${entries}`;
}
