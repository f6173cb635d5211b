import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { defineTaskKind, type TaskKind } from './task-kind.ts';
import { TaskMetrics } from './task-metrics.ts';
import { TaskQueue, type NewTask } from './task-queue.ts';
import { TaskRegistry, type TaskHandler, type TaskHandlerOptions } from './task-registry.ts';
import { TaskWorker } from './worker/task-worker.ts';

export const tenantA = '0198f000-0000-7000-8000-00000000000a';
export const logger = pino({ level: 'silent' });
const payloadSchema = z.object({ name: z.string() });
type Payload = z.infer<typeof payloadSchema>;
export type PayloadKind = TaskKind<typeof payloadSchema>;
export const single: PayloadKind = defineTaskKind({ kind: 'test.single', schema: payloadSchema, maxAttempts: 3 });

export function task(name: string, more: Partial<NewTask<Payload>> = {}): NewTask<Payload> {
  return { recordKey: name, groupKey: 'connection', payload: { name }, ...more };
}

/** A service's queue with a database of its own, workers that stop with it, and a clock that can be moved on. */
export class QueueFixture {
  readonly database: TestDatabase;
  readonly admin: DataSource;
  readonly tenants: TenantDatabase;
  readonly queue = new TaskQueue((kinds) => this.workers.forEach((worker) => worker.wake(kinds)));
  workers: TaskWorker[] = [];

  constructor(database: TestDatabase, admin: DataSource, service: DataSource) {
    this.database = database;
    this.admin = admin;
    this.tenants = new TenantDatabase(service);
  }

  static async create(): Promise<QueueFixture> {
    const database = await createTestDatabase();
    const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
    const admin = await database.connectAsAdmin('orders');
    await admin.query('CREATE TABLE effect (name text NOT NULL)');
    await admin.query('GRANT ALL ON effect TO PUBLIC');
    return new QueueFixture(database, admin, await database.connect(url, 'orders'));
  }

  startWorker(kind: PayloadKind, handler: TaskHandler<Payload>, options: TaskHandlerOptions<Payload> & { readonly random?: () => number } = {}): TaskWorker {
    const registry = new TaskRegistry();
    registry.register(kind, handler, options);
    return this.startWorkerOf(registry, options.random);
  }

  startWorkerOf(registry: TaskRegistry, random = (): number => 0.5): TaskWorker {
    const worker = new TaskWorker({ database: this.tenants, registry, logger, metrics: new TaskMetrics(new Registry(), this.tenants), random });
    this.workers.push(worker);
    worker.start();
    return worker;
  }

  as<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result> {
    return tenantContext.run({ tenantId, correlationId: tenantId }, work);
  }

  enqueue(tenantId: string, kind: PayloadKind, ...tasks: Array<NewTask<Payload>>): Promise<void> {
    return this.as(tenantId, () => this.tenants.transaction(tenantId, async (manager) => {
      for (const each of tasks) await this.queue.enqueue(manager, kind, each);
    }));
  }

  /**
   * Moves the clock on (or back, by a negative time): the database's time is the only one that counts, so that every stored
   * moment moved into the past is the same as the clock moved into the future.
   */
  async passTime(seconds: number): Promise<void> {
    const past = `make_interval(secs => ${seconds})`;
    await this.admin.query(`UPDATE task SET not_before = not_before - ${past}, lease_until = lease_until - ${past}, created_at = created_at - ${past}`);
    this.wake();
  }

  /** Has the workers look at once. What waits comes to their sight every tenth of a second at most. */
  wake(): void {
    for (const worker of this.workers) worker.wake();
  }

  async effects(): Promise<string[]> {
    return (await this.admin.query<Array<{ name: string }>>('SELECT name FROM effect')).map(({ name }) => name);
  }

  async taskStates(): Promise<string[]> {
    return (await this.admin.query<Array<{ state: string }>>('SELECT state FROM task ORDER BY id')).map(({ state }) => state);
  }

  readonly succeed: TaskHandler<Payload> = async (batch) => {
    for (const each of batch.tasks) {
      await batch.settle(each, async (manager) => {
        await manager.query('INSERT INTO effect (name) VALUES ($1)', [each.payload.name]);
      });
    }
  };

  /** Between two tests. */
  async reset(): Promise<void> {
    await this.stopWorkers();
    await this.admin.query('TRUNCATE task, job, schedule, effect CASCADE');
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.workers = [];
  }
}
