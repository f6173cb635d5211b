import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueFixture, single } from '../task-queue.fixture.ts';
import { sampleBacklog } from './backlog-sample.ts';
import { lowestTenant, takeBatches } from './task-taking.ts';

const backlog = 60_000;
const tenants = 200;
const holder = '0198f000-0000-7000-8000-0000000000ff';
let fixture: QueueFixture;

beforeAll(async () => {
  fixture = await QueueFixture.create();
  await fixture.admin.query(
    `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, correlation_id)
     SELECT ('0198f000-0000-7000-8000-' || lpad(to_hex(n % ${tenants}), 12, '0'))::uuid, 'test.single', 'record ' || n, 'connection', false,
            '{"name":"x"}', gen_random_uuid() FROM generate_series(1, ${backlog}) AS n`);
  await fixture.admin.query('ANALYZE task');
}, 60_000);
afterAll(() => fixture.database.drop());

describe('a backlog', () => {
  it('does not make taking more costly: a round reads some rows for each batch', async () => {
    const [read] = await fixture.tenants.systemTransaction(async (manager) => {
      await takeBatches({ systemTransaction: (work) => work(manager) }, holder, { kinds: [single], batches: 100, afterTenant: lowestTenant, restingTenants: [] });
      return manager.query<Array<{ by_index: number; by_scan: number }>>(
        `SELECT idx_tup_fetch::int AS by_index, seq_tup_read::int AS by_scan FROM pg_stat_xact_user_tables WHERE relid = 'task'::regclass`);
    });
    expect(read?.by_scan).toBe(0);
    expect(read?.by_index).toBeLessThan(1_000);
  });

  it('does not make its own measurement more costly: beyond ten thousand it is an estimate', async () => {
    const { found, read } = await fixture.tenants.systemTransaction(async (manager) => {
      const sample = await sampleBacklog(manager);
      const [counts] = await manager.query<Array<{ rows: number }>>(
        `SELECT (idx_tup_fetch + seq_tup_read)::int AS rows FROM pg_stat_xact_user_tables WHERE relid = 'task'::regclass`);
      return { found: sample, read: counts?.rows ?? 0 };
    });
    const ready = found.find(({ state }) => state === 'ready');
    expect(ready?.tasks).toBeGreaterThan(backlog * 0.7);
    expect(ready?.tasks).toBeLessThan(backlog * 1.3);
    expect(read).toBeLessThan(50_000);
  });
});
