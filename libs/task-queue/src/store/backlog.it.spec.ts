import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { QueueFixture, single } from '../task-queue.fixture.ts';
import { sampleBacklog } from './backlog-sample.ts';
import { readyStatements } from './task-store.ts';
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
});
afterAll(() => fixture.database.drop());

interface Reads {
  readonly byIndex: number;
  readonly byScan: number;
}

/** Rows of the task table that `work` reads. PostgreSQL's counters may still hold those of earlier transactions, so they are taken twice. */
async function readsOf<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Reads & { readonly result: Result }> {
  return fixture.tenants.systemTransaction(async (manager) => {
    const before = await countReads(manager);
    const result = await work(manager);
    const after = await countReads(manager);
    return { result, byIndex: after.byIndex - before.byIndex, byScan: after.byScan - before.byScan };
  });
}

async function countReads(manager: EntityManager): Promise<Reads> {
  const [counted] = await manager.query<Reads[]>(
    `SELECT idx_tup_fetch::int AS "byIndex", seq_tup_read::int AS "byScan" FROM pg_stat_xact_user_tables WHERE relid = 'task'::regclass`);
  return counted ?? { byIndex: 0, byScan: 0 };
}

describe('a backlog', () => {
  it('does not make taking more costly: a round reads some rows for each batch', async () => {
    const { byIndex, byScan } = await readsOf((manager) => takeBatches(
      { systemTransaction: async (work, opening) => (await manager.query(opening ?? ''), work(manager)) }, holder, { kinds: [single], batches: 100, afterTenant: lowestTenant, restingTenants: [], gathering: new Set() }));
    expect(byScan).toBe(0);
    expect(byIndex).toBeGreaterThan(0);
    expect(byIndex).toBeLessThan(1_000);
  });

  it('does not make it more costly to ask whether anything is ready', async () => {
    const { byIndex, byScan } = await readsOf((manager) => manager.query(readyStatements));
    expect(byScan).toBe(0);
    expect(byIndex).toBeLessThan(100);
  });

  it('does not make its own measurement more costly: beyond ten thousand it is an estimate', async () => {
    const { result: found, byIndex, byScan } = await readsOf(sampleBacklog);
    const ready = found.find(({ state }) => state === 'ready');
    expect(ready?.tasks).toBeGreaterThan(backlog * 0.7);
    expect(ready?.tasks).toBeLessThan(backlog * 1.3);
    expect(byIndex + byScan).toBeLessThan(50_000);
  });
});
