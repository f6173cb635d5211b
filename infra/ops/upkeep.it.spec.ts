import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { gatewaySchemas } from '../../apps/gateway/src/gateway.schemas.ts';
import { runOps } from './ops.ts';

const variable = 'TEST_UPKEEP_DATABASE';

let database: TestDatabase;
let gateway: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.migrateService('gateway', gatewaySchemas);
  gateway = await database.connectAsAdmin('gateway');
  process.env[variable] = database.adminUrl;
});

afterAll(async () => {
  Reflect.deleteProperty(process.env, variable);
  await database.drop();
});

async function ops(...args: readonly string[]): Promise<{ status: number; printed: string; complaints: string }> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const status = await runOps([...args, '--database-env', variable], { print: (text) => void printed.push(text), complain: (text) => void complaints.push(text) });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

function receiveWebhooks(count: number, daysAgo: number): Promise<unknown> {
  return gateway.query(
    `INSERT INTO received_webhook (dedupe_key, event_id, tenant_id, connection_id, vendor, body, received_at)
      SELECT convert_to($2 || '/' || n, 'UTF8'), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'woocommerce', '', now() - make_interval(days => $2::int)
      FROM generate_series(1, $1::int) AS n`,
    [count, String(daysAgo)],
  );
}

describe('npm run ops -- upkeep', () => {
  it('removes received webhooks and dead letters that are older than was said, and only counts them before that', async () => {
    await receiveWebhooks(12_000, 31);
    await receiveWebhooks(3, 29);
    await gateway.query(`INSERT INTO dead_letter (id, origin, kind, reason, error, body, created_at)
      SELECT gen_random_uuid(), 'webhook', 'invalid', 'invalid', '', '', now() - make_interval(days => n) FROM generate_series(88, 92) AS n`);
    const days = ['--webhook-days', '30', '--dead-letter-days', '90'];
    const counted = await ops('upkeep', 'retention', ...days);
    expect(counted).toMatchObject({ status: 0, printed: expect.stringMatching(/^WHAT +WOULD BE REMOVED\nreceived webhooks +12000\ndead letters of gateway +3$/) });
    expect(await ops('upkeep', 'retention', ...days, '--yes')).toMatchObject({ status: 0, printed: expect.stringMatching(/received webhooks +12000\ndead letters of gateway +3$/) });
    expect(await ops('upkeep', 'retention', ...days)).toMatchObject({ printed: expect.stringMatching(/received webhooks +0\ndead letters of gateway +0$/) });
    expect(await gateway.query(`SELECT (SELECT count(*)::int FROM received_webhook WHERE received_at < now() - interval '1 day') AS webhooks, (SELECT count(*)::int FROM dead_letter) AS letters`)).toEqual([{ webhooks: 3, letters: 2 }]);
  });

  it.each([[[]], [['--webhook-days', '30']], [['--webhook-days', '0', '--dead-letter-days', '90']]])('removes nothing where it is not said what: %j', async (options) => {
    expect(await ops('upkeep', 'retention', ...options, '--yes')).toMatchObject({ status: 1, printed: '', complaints: expect.stringContaining('whole number of days') });
  });

  it('makes partitions ahead and drops old ones at once, and only shows them before that', async () => {
    await gateway.query(`CREATE TABLE inbox_20200101 PARTITION OF inbox FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')`);
    await gateway.query(`UPDATE inbox_upkeep SET done_at = now()`);
    expect(await ops('upkeep', 'partitions', '--inbox-days', '14')).toMatchObject({ status: 0, printed: expect.stringMatching(/gateway\.inbox +5 +2020-01-01 +\d{4}-[^]*Nothing was changed/) });
    expect(await ops('upkeep', 'partitions', '--inbox-days', '14', '--yes')).toMatchObject({ status: 0, printed: expect.stringMatching(/gateway\.inbox +4 +20(?!20)\d\d-/) });
    expect((await ops('upkeep', 'partitions')).printed).toMatch(/connections\.vendor_call +3 /);
    expect(await ops('upkeep', 'partitions', '--yes')).toMatchObject({ status: 1, complaints: expect.stringContaining('--inbox-days') });
    expect(await ops('upkeep', 'partitions', '--call-days', '0', '--yes')).toMatchObject({ status: 1, complaints: expect.stringContaining('whole number of days') });
  });

  it('shows the largest tables with their dead rows, and the transaction that keeps them', async () => {
    await receiveWebhooks(2_000, 0);
    const open = gateway.createQueryRunner();
    await open.connect();
    await open.startTransaction();
    await open.query('SELECT 1');
    const { status, printed } = await ops('upkeep', 'tables');
    await open.rollbackTransaction();
    await open.release();
    expect(status).toBe(0);
    expect(printed).toMatch(/^TABLE +SIZE +ROWS +DEAD +VACUUMED\n/);
    expect(printed).toMatch(/gateway\.received_webhook +\d+ \w+ +\d+ +\d+ +(never|\d{4}-)/);
    expect(printed).toMatch(/The longest open transaction began \d+ s ago: process \d+ of crossdock-test\.$/);
  });

  it('asks for the database by a variable, so that no password stands on a command line', async () => {
    const complaints: string[] = [];
    expect(await runOps(['upkeep', 'tables', '--database-env', 'NO_SUCH_VARIABLE'], { print: () => undefined, complain: (text) => void complaints.push(text) })).toBe(1);
    expect(complaints.join()).toContain('NO_SUCH_VARIABLE is not set');
  });
});
