import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { Failure, type FailureKind } from '@crossdock/contracts';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { defineTaskKind, type TaskKind } from './task-kind.ts';
import { TaskMetrics } from './task-metrics.ts';
import { TaskQueue, type NewTask } from './task-queue.ts';
import { TaskRegistry, type TaskHandler, type TaskHandlerOptions } from './task-registry.ts';
import { keepTenantStanding } from './tenant-standing.ts';
import { TaskWorker } from './worker/task-worker.ts';

const tenantA = '0198f000-0000-7000-8000-00000000000a';
const logger = pino({ level: 'silent' });
const payloadSchema = z.object({ name: z.string() });
type Payload = z.infer<typeof payloadSchema>;
const single = defineTaskKind({ kind: 'test.single', schema: payloadSchema, maxAttempts: 3 });
const batched = defineTaskKind({ kind: 'test.batched', schema: payloadSchema, batchSize: 10 });

let database: TestDatabase;
let admin: DataSource;
let tenants: TenantDatabase;
let workers: TaskWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  await admin.query('CREATE TABLE effect (name text NOT NULL)');
  await admin.query('GRANT ALL ON effect TO PUBLIC');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});

beforeEach(async () => {
  await admin.query('TRUNCATE task, tenant_standing, effect');
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

afterAll(() => database.drop());

function startWorker(kind: TaskKind<typeof payloadSchema>, handler: TaskHandler<Payload>, options: TaskHandlerOptions<Payload> = {}): TaskWorker {
  const registry = new TaskRegistry();
  registry.register(kind, handler, options);
  const worker = new TaskWorker({ database: tenants, registry, logger, metrics: new TaskMetrics(new Registry(), tenants), random: () => 0 });
  workers.push(worker);
  worker.start();
  return worker;
}

function enqueue(tenantId: string, kind: TaskKind<typeof payloadSchema>, ...tasks: Array<NewTask<Payload>>): Promise<void> {
  const queue = new TaskQueue((kinds) => workers.forEach((worker) => worker.wake(kinds)));
  return tenantContext.run({ tenantId, correlationId: tenantId }, () => tenants.transaction(tenantId, async (manager) => {
    for (const task of tasks) await queue.enqueue(manager, kind, task);
  }));
}

function task(name: string, more: Partial<NewTask<Payload>> = {}): NewTask<Payload> {
  return { recordKey: name, groupKey: 'connection', payload: { name }, ...more };
}

async function effects(): Promise<string[]> {
  return (await admin.query<Array<{ name: string }>>('SELECT name FROM effect')).map(({ name }) => name);
}

async function taskStates(): Promise<string[]> {
  return (await admin.query<Array<{ state: string }>>('SELECT state FROM task ORDER BY id')).map(({ state }) => state);
}

const succeed: TaskHandler<Payload> = async (batch) => {
  for (const each of batch.tasks) {
    await batch.settle(each, async (manager) => {
      await manager.query('INSERT INTO effect (name) VALUES ($1)', [each.payload.name]);
    });
  }
};

describe('the task queue', () => {
  it('runs a task once and commits its effect together with its end', async () => {
    startWorker(single, succeed);
    await enqueue(tenantA, single, task('a'));
    await eventually('no task left', async () => (await taskStates()).length === 0);
    expect(await effects()).toEqual(['a']);
  });

  it('tells of which kinds the tasks are once they are there, and has those look who take them', async () => {
    const told: Array<ReadonlySet<string> | undefined> = [];
    const queue = new TaskQueue((kinds) => told.push(kinds));
    await tenantContext.run({ tenantId: tenantA, correlationId: tenantA }, () => tenants.transaction(tenantA, async (manager) => {
      for (const kind of [single, batched, single]) await queue.enqueue(manager, kind, task('a'));
      expect(told).toEqual([]);
    }));
    expect(told).toEqual([new Set([single.kind, batched.kind])]);
  });

  it('lets the work of a suspended tenant rest until it is resumed, and everybody else’s go on', async () => {
    const tenantB = '0198f000-0000-7000-8000-00000000000b';
    const stand = (state: string, version: number) => tenants.transaction(tenantA, (manager) => keepTenantStanding(manager, { tenantId: tenantA, state, version }));
    expect(await stand('suspended', 2)).toBe(true);
    expect(await stand('active', 1)).toBe(false);
    startWorker(single, succeed);
    await enqueue(tenantA, single, task('resting'));
    await enqueue(tenantB, single, task('moving'));
    await eventually('the other tenant’s effect', async () => (await effects()).includes('moving'), 60_000);
    expect([await effects(), await taskStates()]).toEqual([['moving'], ['ready']]);
    await stand('active', 3);
    await eventually('no task left', async () => (await taskStates()).length === 0, 60_000);
    expect(await effects()).toEqual(['moving', 'resting']);
  });

  it('hands tasks of one group to the handler as one batch, up to the kind’s size', async () => {
    const sizes: number[] = [];
    await enqueue(tenantA, batched, ...Array.from({ length: 25 }, (_, index) => task(`record-${index}`)));
    startWorker(batched, async (batch) => {
      sizes.push(batch.tasks.length);
      await succeed(batch);
    });
    await eventually('25 effects', async () => (await effects()).length === 25);
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('begins at once what comes alone, and gathers what comes soon after until a batch is full or the time is over', async () => {
    const gathered = (gatherMs: number): TaskKind<typeof payloadSchema> => ({ ...batched, batchSize: 3, gatherMs });
    const taken: string[][] = [];
    const work: TaskHandler<Payload> = async (batch) => {
      taken.push(batch.tasks.map(({ payload }) => payload.name));
      await succeed(batch);
    };
    const worker = startWorker(gathered(600_000), work);
    await enqueue(tenantA, batched, task('alone'));
    await eventually('the first to run', () => taken.length === 1);
    for (const name of ['1', '2', '3', 'late']) await enqueue(tenantA, batched, task(name));
    await enqueue(tenantA, batched, task('of another account', { groupKey: 'other' }));
    await eventually('the full batch and the other account’s to run', () => taken.length === 3);
    expect(taken.toSorted()).toEqual([['1', '2', '3'], ['alone'], ['of another account']]);
    await eventually('one to be left', async () => (await taskStates()).length === 1);
    expect(await taskStates()).toEqual(['ready']);
    await worker.stop();

    startWorker(gathered(50), work);
    await eventually('the late one to run', () => taken.length === 4);
    await enqueue(tenantA, batched, task('soon after'));
    await eventually('what came soon after to run', async () => (await taskStates()).length === 0);
    expect(taken.slice(3)).toEqual([['late'], ['soon after']]);
  });

  it('gathers for longer after a batch of many than after one that came alone', async () => {
    const taken: number[] = [];
    startWorker({ ...batched, batchSize: 20, gatherMs: 50, mostGatherMs: 600_000 }, async (batch) => {
      taken.push(batch.tasks.length);
      await succeed(batch);
    });
    await enqueue(tenantA, batched, task('alone'));
    await eventually('the first to run', () => taken.length === 1);
    await enqueue(tenantA, batched, ...Array.from({ length: 12 }, (_, index) => task(`one of many ${index}`)));
    await eventually('many to run', () => taken.length === 2);
    await enqueue(tenantA, batched, task('after many'));
    await enqueue(tenantA, batched, task('of another account', { groupKey: 'other' }));
    await eventually('the other account’s to run', async () => taken.length === 3 && (await taskStates()).length === 1);
    expect({ taken, left: await taskStates() }).toEqual({ taken: [1, 12, 1], left: ['ready'] });
  });

  it('gathers what comes while a batch of its group is under way, and holds up no other group', async () => {
    const begun: string[][] = [];
    const { promise: firstMayEnd, resolve: letFirstEnd } = Promise.withResolvers<undefined>();
    startWorker({ ...batched, gatherMs: 1 }, async (batch) => {
      begun.push(batch.tasks.map(({ payload }) => payload.name));
      if (begun.length === 1) await firstMayEnd;
      await succeed(batch);
    });
    await enqueue(tenantA, batched, task('first'));
    await eventually('the first batch to run', () => begun.length === 1);
    for (const name of ['second', 'third']) await enqueue(tenantA, batched, task(name));
    await enqueue(tenantA, batched, task('of another account', { groupKey: 'other' }));
    await eventually('the other account’s effect', async () => (await effects()).length === 1);
    expect(begun).toEqual([['first'], ['of another account']]);
    letFirstEnd(undefined);
    await eventually('all effects', async () => (await effects()).length === 4);
    expect(begun.at(-1)).toEqual(['second', 'third']);
  });

  it('lets what follows from each task of a batch name that task’s own cause', async () => {
    const { promise: both, resolve } = Promise.withResolvers<undefined>();
    const named: string[] = [];
    const queue = new TaskQueue(() => undefined);
    const causes = { one: '0198f000-0000-7000-8000-000000000001', two: '0198f000-0000-7000-8000-000000000002' };
    for (const [name, correlationId] of Object.entries(causes)) {
      await tenantContext.run({ tenantId: tenantA, correlationId }, () => tenants.transaction(tenantA, (manager) => queue.enqueue(manager, batched, task(name))));
    }
    startWorker(batched, async (batch) => {
      for (const each of batch.tasks) {
        await batch.settle(each, async () => {
          named.push(`${batch.tasks.length} ${each.payload.name} ${tenantContext.require().correlationId}`);
        });
      }
      resolve(undefined);
    });
    await both;
    expect(named).toEqual([`2 one ${causes.one}`, `2 two ${causes.two}`]);
  });

  it('ends a batch in one commit, each task in the name of its own cause, and one that cannot be ended takes no other along', async () => {
    const effect = async (manager: EntityManager, name: string): Promise<void> => {
      const { correlationId } = tenantContext.require();
      await manager.query(`INSERT INTO effect (name) VALUES ($1 || ' of ' || $2 || ' in ' || pg_current_xact_id())`, [name, correlationId]);
    };
    const cause = '0198f000-0000-7000-8000-000000000001';
    const queue = new TaskQueue(() => undefined);
    await enqueue(tenantA, batched, task('one'));
    await tenantContext.run({ tenantId: tenantA, correlationId: cause }, () => tenants.transaction(tenantA, (manager) => queue.enqueue(manager, batched, task('two'))));
    startWorker(batched, (batch) => batch.settleAll(batch.tasks.map((each) => ({ task: each, effect: (manager) => effect(manager, each.payload.name) }))));
    await eventually('both effects', async () => (await effects()).length === 2);
    const [one = '', two = ''] = (await effects()).sort();
    expect([one.split(' in ')[0], two.split(' in ')[0]]).toEqual([`one of ${tenantA}`, `two of ${cause}`]);
    expect(one.split(' in ')[1]).toBe(two.split(' in ')[1]);

    const others = { ...batched, kind: 'test.others' };
    await enqueue(tenantA, others, task('first'), task('bad'), task('last'));
    startWorker(others, (batch) => batch.settleAll(batch.tasks.map((each) => ({
      task: each,
      effect: async (manager) => {
        if (each.payload.name === 'bad') throw new Failure('invalid', 'It does not fit.');
        await effect(manager, each.payload.name);
      },
    }))));
    await eventually('the bad one to be put aside', async () => (await taskStates()).join() === 'dead');
    expect((await effects()).map((name) => name.split(' ')[0]).sort()).toEqual(['first', 'last', 'one', 'two']);
  });

  it('never runs two tasks of one record at once, nor out of order, over several workers', async () => {
    const seen: string[] = [];
    let running = 0;
    let mostAtOnce = 0;
    const handler: TaskHandler<Payload> = async (batch) => {
      running += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      seen.push(...batch.tasks.map((each) => each.payload.name));
      await succeed(batch);
      running -= 1;
    };
    await enqueue(tenantA, single, ...Array.from({ length: 12 }, (_, index) => task(String(index), { recordKey: 'the same' })));
    startWorker(single, handler);
    startWorker(single, handler);
    startWorker(single, handler);
    await eventually('12 effects', async () => (await effects()).length === 12);
    expect(mostAtOnce).toBe(1);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
  });

  it('lets ten tenants with one task each finish beside one with thousands', async () => {
    const crowd = '0198f000-0000-7000-8000-000000000001';
    await admin.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, correlation_id)
       SELECT $1, 'test.single', 'crowd-' || n, 'connection', false, '{"name":"crowd"}', $1 FROM generate_series(1, 100000) AS n`, [crowd]);
    const few = Array.from({ length: 10 }, (_, index) => `0198f000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`);
    for (const tenantId of few) await enqueue(tenantId, single, task('few'));
    startWorker(single, succeed);
    await eventually('the ten tasks of the small tenants', async () => (await effects()).filter((name) => name === 'few').length === 10);
    expect((await effects()).filter((name) => name === 'crowd').length).toBeLessThan(5_000);
  });

  it('joins a new task to one that waits already when asked to', async () => {
    await enqueue(tenantA, single, ...Array.from({ length: 50 }, () => task('latest', { coalesce: true })));
    expect(await taskStates()).toEqual(['ready']);
  });

  it('tries again what may pass and buries it after its last attempt, telling whoever waits', async () => {
    let tries = 0;
    startWorker(single, async () => {
      tries += 1;
      throw new Failure('transient', 'the vendor is away');
    }, {
      onDead: async (manager, dead, failure) => {
        await manager.query('INSERT INTO effect (name) VALUES ($1)', [`${dead.payload.name} died: ${failure.message}`]);
      },
    });
    await enqueue(tenantA, single, task('unlucky'));
    await eventually('a dead task', async () => (await taskStates())[0] === 'dead');
    expect(tries).toBe(3);
    expect(await effects()).toEqual(['unlucky died: the vendor is away']);
  });

  it.each<[FailureKind, string]>([['invalid', 'dead'], ['unauthorised', 'parked'], ['rate_limited', 'waiting']])(
    'ends a task that failed as %s in the state %s', async (kind, state) => {
      startWorker(single, async () => { throw new Failure(kind, 'no', { retryAfterMs: 60_000 }); });
      await enqueue(tenantA, single, task('x'));
      await eventually(`a task that is ${state}`, async () => (await taskStates())[0] === state);
      const [row] = await admin.query<Array<{ last_error_kind: string; attempt: number }>>('SELECT last_error_kind, attempt FROM task');
      expect(row).toEqual({ last_error_kind: kind, attempt: state === 'dead' ? 1 : 0 });
    });

  it('lets parked tasks go on when their group is resumed', async () => {
    let isConnected = false;
    startWorker(single, async (batch) => {
      if (!isConnected) throw new Failure('unauthorised', 'reconnect');
      await succeed(batch);
    });
    await enqueue(tenantA, single, task('patient'));
    await eventually('a parked task', async () => (await taskStates())[0] === 'parked');
    isConnected = true;
    const queue = new TaskQueue((kinds) => workers.forEach((worker) => worker.wake(kinds)));
    await tenantContext.run({ tenantId: tenantA, correlationId: tenantA }, () =>
      tenants.transaction(tenantA, (manager) => queue.resumeParked(manager, 'connection')));
    await eventually('the effect', async () => (await effects()).length === 1);
  });

  it('lets a task go on that began before its group was resumed and is parked after it', async () => {
    const [entered, release] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let tries = 0;
    startWorker(single, async (batch) => {
      tries += 1;
      if (tries > 1) return succeed(batch);
      entered.resolve(undefined);
      await release.promise;
      throw new Failure('unauthorised', 'reconnect');
    });
    await enqueue(tenantA, single, task('late'));
    await entered.promise;
    const queue = new TaskQueue(() => undefined);
    await tenantContext.run({ tenantId: tenantA, correlationId: tenantA }, () =>
      tenants.transaction(tenantA, (manager) => queue.resumeParked(manager, 'connection')));
    release.resolve(undefined);
    await eventually('the effect', async () => (await effects()).length === 1);
  });

  it('runs a dead worker’s task again and lets the dead one’s late effect come to nothing', async () => {
    const entered = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const lateResult = Promise.withResolvers<unknown>();
    startWorker(single, async (batch) => {
      const [first] = batch.tasks;
      if (!first) return;
      if (first.attempt > 1) return succeed(batch);
      entered.resolve(undefined);
      await release.promise;
      await succeed(batch).catch((error: unknown) => lateResult.resolve(error));
    });
    await enqueue(tenantA, single, task('slow'));
    await entered.promise;
    await admin.query(`UPDATE task SET lease_until = now() - interval '1 second'`);
    startWorker(single, succeed);
    await eventually('the second worker’s effect', async () => (await effects()).length === 1);
    release.resolve(undefined);
    expect(await lateResult.promise).toMatchObject({ name: 'LeaseLostError' });
    expect(await effects()).toEqual(['slow']);
  });

  it('shows a tenant no other tenant’s tasks', async () => {
    await enqueue(tenantA, single, task('mine'));
    const seen = await tenants.transaction('0198f000-0000-7000-8000-00000000000b', (manager) => manager.query<unknown[]>('SELECT 1 FROM task'));
    expect(seen).toHaveLength(0);
  });

  it('lets tasks rest until somebody hastens them, untried, with younger work on their records behind them', async () => {
    let mayRest = true;
    startWorker(batched, async (batch) => {
      const resting = mayRest ? batch.tasks.filter(({ payload }) => payload.name.startsWith('rests')) : [];
      await batch.rest(resting, 3_600_000, async (manager) => {
        for (const { attempt } of resting) await manager.query('INSERT INTO effect (name) VALUES ($1)', [`rest after try ${attempt}`]);
      });
      for (const each of batch.tasks.filter((one) => !resting.includes(one))) {
        await batch.settle(each, async (manager) => {
          await manager.query('INSERT INTO effect (name) VALUES ($1)', [`${each.payload.name} ${each.attempt}`]);
        });
      }
    });
    await enqueue(tenantA, batched, task('rests'), task('runs'));
    await eventually('the rest', async () => (await effects()).length === 2);
    await enqueue(tenantA, batched, task('younger', { recordKey: 'rests' }), task('other'));
    await eventually('what may run', async () => (await effects()).length === 3);
    expect([(await effects()).toSorted(), await taskStates()]).toEqual([['other 1', 'rest after try 1', 'runs 1'], ['waiting', 'ready']]);
    mayRest = false;
    const queue = new TaskQueue((kinds) => workers.forEach((worker) => worker.wake(kinds)));
    const ids = (await admin.query<Array<{ id: string }>>('SELECT id FROM task')).map(({ id }) => id);
    await tenantContext.run({ tenantId: tenantA, correlationId: tenantA }, () => tenants.transaction(tenantA, async (manager) => {
      expect(await queue.countOpen(manager, batched, { groupKey: 'connection', like: { name: 'younger' } }, 10)).toBe(1);
      expect(await queue.countOpen(manager, batched, { groupKey: 'connection', like: { name: 'rests' } }, 10)).toBe(0);
      await queue.hasten(manager, batched, ids);
    }));
    await eventually('all of it', async () => (await effects()).length === 5);
    expect((await effects()).slice(3)).toEqual(['rests 1', 'younger 1']);
  });
});
