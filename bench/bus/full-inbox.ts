import type { DataSource } from 'typeorm';

/**
 * Puts rows into the inbox's partition of today, which is the one a consumer writes to. Their ids are as those of events
 * with a cause of their own: spread evenly, so that each new row lands anywhere in the index.
 */
export async function fillInbox(admin: DataSource, rows: number): Promise<void> {
  const session = admin.createQueryRunner();
  const [day, next] = [dayFromNow(0), dayFromNow(1)];
  const partition = `inbox_${day.replaceAll('-', '')}`;
  try {
    for (const statement of [
      'SET statement_timeout = 0',
      'CREATE TABLE filled (LIKE inbox INCLUDING DEFAULTS)',
      `INSERT INTO filled (event_day, event_id, consumer, tenant_id)
       SELECT '${day}', gen_random_uuid(), 'orders', '0198f000-0000-7000-8000-000000000000' FROM generate_series(1, ${rows})`,
      // One sorted build of the index instead of ten million searches in it.
      'ALTER TABLE filled ADD PRIMARY KEY (event_day, event_id, consumer)',
      `DROP TABLE ${partition}`,
      `ALTER TABLE filled RENAME TO ${partition}`,
      `ALTER TABLE inbox ATTACH PARTITION ${partition} FOR VALUES FROM ('${day}') TO ('${next}')`,
      `ANALYZE ${partition}`,
      'RESET statement_timeout',
    ]) await session.query(statement);
  } finally {
    await session.release();
  }
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
