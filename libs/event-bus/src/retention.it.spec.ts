import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { deadLetterRows, Retention } from './retention.ts';

let metrics: Registry;
let database: TestDatabase;
let admin: DataSource;
let tenants: TenantDatabase;
let retention: Retention;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});
beforeEach(async () => {
  await admin.query('DELETE FROM dead_letter');
  metrics = new Registry();
  retention = new Retention({ database: tenants, logger: pino({ level: 'silent' }), metrics });
  retention.keepFor(90, deadLetterRows);
});
afterAll(() => database.drop());

function bury(count: number, daysAgo: number): Promise<unknown> {
  return admin.query(
    `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at)
     SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN gen_random_uuid() END, 'event', 'any', 'invalid', '', '', now() - make_interval(days => $2) FROM generate_series(1, $1::int) AS n`,
    [count, daysAgo]);
}

async function left(): Promise<number> {
  const [row] = await admin.query<Array<{ count: number }>>('SELECT count(*)::int AS count FROM dead_letter');
  return row?.count ?? -1;
}

describe('what is kept for some days', () => {
  it('is removed afterwards by a service’s own role, a few thousand rows a transaction, of every tenant and of none, and counted', async () => {
    await bury(5_003, 91);
    await bury(2, 89);
    expect(await retention.removeOnce()).toBe('busy');
    expect(await left()).toBe(5);
    expect(await retention.removeOnce()).toBe('idle');
    expect(await retention.removeOnce()).toBe('idle');
    expect(await left()).toBe(2);
    expect(await metrics.metrics()).toContain('crossdock_retention_removed_total{table="dead_letter"} 5003');
  });

  it('is removed once where replicas do it at the same moment, and stays as long as somebody has it in hand', async () => {
    await bury(100, 91);
    const inHand = admin.createQueryRunner();
    await inHand.startTransaction();
    await inHand.query('SELECT 1 FROM dead_letter LIMIT 1 FOR UPDATE');
    await Promise.all([retention.removeOnce(), retention.removeOnce(), retention.removeOnce()]);
    expect(await left()).toBe(1);
    await inHand.rollbackTransaction();
    await inHand.release();
    await retention.removeOnce();
    expect(await left()).toBe(0);
  });
});
