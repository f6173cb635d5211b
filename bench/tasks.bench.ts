/**
 * Tasks through take, run (nothing to do) and done, in one process, for a thousand tenants. Beside it, in the same run: the
 * plain queue most services begin with (`FOR UPDATE SKIP LOCKED`, a transaction a task), which knows neither tenants' turns
 * nor the order of a record; and the same with a million tasks waiting, and with ten times the tenants.
 */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { defineTaskKind, TaskMetrics, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { growthFigure, ratioFigure, valueFigure } from './figures.ts';

const TENANTS = 1_000;
const FEW = 40_000;
const MILLION = 1_000_000;
const PLAIN_WORKERS = 16;
const noop = defineTaskKind({ kind: 'bench.noop', schema: z.object({}) });

type Books = { readonly database: TestDatabase; readonly admin: DataSource; readonly service: DataSource; readonly tenants: TenantDatabase };

export const benchmark: Benchmark = { name: 'tasks', run };

async function run(context: BenchContext): Promise<Figure[]> {
  const few = await openBooks();
  const many = await openBooks();
  try {
    context.say(`${TENANTS} tenants, handlers that do nothing; the backlog has ${MILLION} ready tasks`);
    await enqueue(many.admin, MILLION, TENANTS);
    const series = await context.measure({
      'SKIP LOCKED, a transaction a task': () => measurePlain(few, context.seconds),
      'task queue': () => measureQueue(few, context.seconds, FEW),
      'task queue, a million waiting': () => measureQueue(many, context.seconds, 0),
      'task queue, 10 × tenants': () => measureQueue(few, context.seconds, FEW, { tenantCount: 10 * TENANTS }),
      'task queue, each with an effect': () => measureQueue(few, context.seconds, FEW / 4, { withEffect: true }),
    });
    const fairnessSeconds = await measureFairness(few);
    const plain = series['SKIP LOCKED, a transaction a task'].perSecond;
    const queue = series['task queue'].perSecond;
    return [
      valueFigure({ name: 'tasks-per-second', unit: 'tasks/s', value: queue, baseline: plain, goal: 5_000 }),
      ratioFigure({ name: 'tasks-backlog-vs-empty', unit: 'tasks/s', value: series['task queue, a million waiting'].perSecond, baseline: queue, goal: 0.8 }),
      growthFigure({ name: 'tasks-per-second-10x-tenants', unit: 'tasks/s', value: series['task queue, 10 × tenants'].perSecond, baseline: queue }),
      valueFigure({ name: 'tasks-fairness-seconds', unit: 's', value: fairnessSeconds, goal: 5, lowerIsBetter: true }),
    ];
  } finally {
    await few.database.drop();
    await many.database.drop();
  }
}

async function openBooks(): Promise<Books> {
  const database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  const admin = await database.connectAsAdmin('orders');
  await admin.query('CREATE TABLE effect (id bigint NOT NULL)');
  await admin.query('CREATE TABLE plain_task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL)');
  await admin.query('GRANT ALL ON effect, plain_task TO PUBLIC');
  const service = await database.connect(url, 'orders');
  return { database, admin, service, tenants: new TenantDatabase(service) };
}

/** Tasks of records of their own, spread over the tenants. */
async function enqueue(admin: DataSource, count: number, tenants: number, tenantPrefix = '0198f000'): Promise<void> {
  for (let from = 0; from < count; from += 100_000) {
    await admin.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, correlation_id)
       SELECT ($4 || '-0000-7000-8000-' || lpad(to_hex(n % $3), 12, '0'))::uuid, '${noop.kind}', 'record/' || n, 'connection', false, '{}', gen_random_uuid()
       FROM generate_series($1::int, $2::int) AS n`, [from + 1, Math.min(count, from + 100_000), tenants, tenantPrefix]);
  }
  await admin.query('VACUUM ANALYZE task');
}

async function measureQueue(
  { admin, tenants }: Books, seconds: number, fresh: number, { tenantCount = TENANTS, withEffect = false } = {},
): Promise<Measurement> {
  if (fresh > 0) {
    await admin.query('TRUNCATE task, effect');
    await enqueue(admin, fresh, tenantCount);
  }
  let done = 0;
  const { promise: drained, resolve: onDrained } = Promise.withResolvers<undefined>();
  const worker = startWorker(tenants, withEffect, () => {
    done += 1;
    if (done === fresh) onDrained(undefined);
  });
  const startedMs = performance.now();
  const timer = setTimeout(() => onDrained(undefined), seconds * 1_000);
  await drained;
  const measurement = { count: done, seconds: (performance.now() - startedMs) / 1_000 };
  clearTimeout(timer);
  await worker.stop();
  return measurement;
}

function startWorker(tenants: TenantDatabase, withEffect: boolean, onDone: (tenantId: string) => void): TaskWorker {
  const registry = new TaskRegistry();
  registry.register(noop, async (batch) => {
    for (const task of batch.tasks) {
      await batch.settle(task, withEffect ? async (manager) => {
        await manager.query('INSERT INTO effect (id) VALUES ($1)', [task.id]);
      } : undefined);
      onDone(batch.tenantId);
    }
  });
  const worker = new TaskWorker({ database: tenants, registry, logger: pino({ level: 'warn' }), metrics: new TaskMetrics(new Registry(), tenants) });
  worker.start();
  return worker;
}

async function measurePlain({ admin, service }: Books, seconds: number): Promise<Measurement> {
  await admin.query('TRUNCATE plain_task');
  await admin.query(`INSERT INTO plain_task (payload) SELECT '{}' FROM generate_series(1, ${FEW})`);
  await admin.query('VACUUM ANALYZE plain_task');
  const startedMs = performance.now();
  let count = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const taken = await service.transaction(async (manager) => {
        const rows = await manager.query<Array<{ id: string }>>('SELECT id, payload FROM plain_task ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED');
        await manager.query('DELETE FROM plain_task WHERE id = $1', [rows[0]?.id]);
        return rows.length;
      });
      if (taken === 0) return;
      count += taken;
    }
  };
  await Promise.all(Array.from({ length: PLAIN_WORKERS }, work));
  return { count, seconds: (performance.now() - startedMs) / 1_000 };
}

/** How long ten tenants with a task each wait beside one with 100,000, whose work begins before theirs comes. */
async function measureFairness({ admin, tenants }: Books): Promise<number> {
  await admin.query('TRUNCATE task, effect');
  await enqueue(admin, 100_000, 1);
  const small = new Set<string>();
  let ofCrowd = 0;
  const worker = startWorker(tenants, false, (tenantId) => {
    if (tenantId.startsWith('0198f001')) small.add(tenantId);
    else ofCrowd += 1;
  });
  await eventually('the crowd’s work has begun', () => ofCrowd > 0);
  const startedMs = performance.now();
  await enqueue(admin, 10, 10, '0198f001');
  await eventually('the ten have finished', () => small.size === 10, 60_000);
  const seconds = (performance.now() - startedMs) / 1_000;
  await worker.stop();
  return seconds;
}
