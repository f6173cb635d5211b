import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { Failure } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { QueueFixture, single, tenantA } from '../task-queue.fixture.ts';
import { TaskMetrics } from '../task-metrics.ts';
import { TaskRegistry } from '../task-registry.ts';
import type { TaskWorker } from '../worker/task-worker.ts';
import { defineJobKind } from './job-kind.ts';
import type { RunningJob } from './job-run.ts';
import type { Job } from './job.ts';
import { Jobs } from './jobs.ts';

const copy = defineJobKind({
  kind: 'test.copy', input: z.object({ items: z.array(z.string()) }), checkpoint: z.object({ next: z.number() }), maxAttempts: 3, stallMs: 400,
});
type Handler = (job: RunningJob<z.infer<typeof copy.input>, z.infer<typeof copy.checkpoint>>) => Promise<void>;
let fixture: QueueFixture;

beforeAll(async () => {
  fixture = await QueueFixture.create();
});
afterEach(() => fixture.reset());
afterAll(() => fixture.database.drop());

function startJobs(handler: Handler, options?: Parameters<typeof Jobs.prototype.register<typeof copy.input, typeof copy.checkpoint>>[2]): { jobs: Jobs; worker: TaskWorker; registry: TaskRegistry } {
  const registry = new TaskRegistry();
  const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry });
  jobs.register(copy, handler, options);
  return { jobs, registry, worker: fixture.startWorkerOf(registry) };
}

function inTenant<Result>(work: (manager: Parameters<Jobs['get']>[0]) => Promise<Result>): Promise<Result> {
  return fixture.as(tenantA, () => fixture.tenants.transaction(tenantA, work));
}

const start = (jobs: Jobs, ...items: string[]): Promise<string> => inTenant((manager) => jobs.start(manager, copy, { input: { items }, total: items.length }));

async function jobIn(jobs: Jobs, id: string, state: Job['state']): Promise<Job> {
  return eventually(`the job is ${state}`, async () => {
    const job = await inTenant((manager) => jobs.get(manager, id));
    return job?.state === state && job;
  });
}

/** Copies item by item; each one's effect commits with the checkpoint behind it. */
const copyAll: Handler = async (job) => {
  for (let index = job.checkpoint?.next ?? 0; index < job.input.items.length; index += 1) {
    await job.saveCheckpoint({ next: index + 1 }, async (manager) => {
      await manager.query('INSERT INTO effect (name) VALUES ($1)', [job.input.items[index]]);
    });
    await job.progress({ done: index + 1, step: 'copying' });
  }
};

const untilAborted = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => {
  signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
});

describe('a job', () => {
  it('tells how far it is and ends', async () => {
    const { jobs } = startJobs(copyAll);
    const id = await start(jobs, 'a', 'b', 'c');
    expect(await jobIn(jobs, id, 'succeeded')).toMatchObject({ kind: 'test.copy', total: 3, done: 3, failed: 0, step: 'copying', error: undefined });
    expect(await fixture.effects()).toEqual(['a', 'b', 'c']);
    await eventually('its task is gone', async () => (await fixture.taskStates()).length === 0);
  });

  it('says its rate and the time left while it runs', async () => {
    const { jobs } = startJobs(async (job) => {
      await job.progress({ done: 1 });
      await untilAborted(job.signal);
    });
    const id = await start(jobs, 'a', 'b', 'c');
    const job = await eventually('progress', async () => {
      const found = await inTenant((manager) => jobs.get(manager, id));
      return found?.done === 1 && found;
    });
    expect(job.secondsLeft).toBeCloseTo(2 / (job.ratePerSecond ?? 0), 5);
  });

  it('goes on from its checkpoint after a worker died in the middle, without doing anything twice', async () => {
    const entered = Promise.withResolvers<undefined>();
    const dead = startJobs(async (job) => {
      await job.saveCheckpoint({ next: 2 }, async (manager) => {
        await manager.query(`INSERT INTO effect (name) VALUES ('a'), ('b')`);
      });
      entered.resolve(undefined);
      await new Promise(() => undefined);
    });
    const id = await start(dead.jobs, 'a', 'b', 'c', 'd');
    await entered.promise;
    await fixture.admin.query(`UPDATE task SET lease_holder = gen_random_uuid(), lease_until = now() - interval '1 second'`);
    const { jobs } = startJobs(copyAll);
    await jobIn(jobs, id, 'succeeded');
    expect(await fixture.effects()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets a run that was taken over write nothing more', async () => {
    const entered = Promise.withResolvers<RunningJob<unknown, { next: number }>>();
    const first = startJobs(async (job) => {
      entered.resolve(job);
      await new Promise(() => undefined);
    });
    const id = await start(first.jobs, 'a');
    const stale = await entered.promise;
    await fixture.admin.query(`UPDATE task SET lease_holder = gen_random_uuid(), lease_until = now() - interval '1 second'`);
    const { jobs } = startJobs(copyAll);
    await jobIn(jobs, id, 'succeeded');
    await expect(stale.saveCheckpoint({ next: 9 })).rejects.toThrow();
  });

  it('is cancelled while it runs, keeps its checkpoint, and goes on when resumed', async () => {
    let isPatient = true;
    const { jobs } = startJobs(async (job) => {
      if (isPatient) {
        await job.saveCheckpoint({ next: 1 });
        await untilAborted(job.signal);
      }
      await copyAll(job);
    });
    const id = await start(jobs, 'a', 'b');
    await eventually('a checkpoint', async () => (await fixture.admin.query<unknown[]>('SELECT 1 FROM job WHERE checkpoint IS NOT NULL')).length === 1);
    expect(await inTenant((manager) => jobs.cancel(manager, id))).toBe('requested');
    await jobIn(jobs, id, 'cancelled');
    isPatient = false;
    expect(await inTenant((manager) => jobs.resume(manager, id))).toBe(id);
    await jobIn(jobs, id, 'succeeded');
    expect(await fixture.effects()).toEqual(['b']);
  });

  it('is cancelled at once while it waits', async () => {
    const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    const id = await start(jobs, 'a');
    expect(await inTenant((manager) => jobs.cancel(manager, id))).toBe('cancelled');
    expect(await inTenant((manager) => jobs.cancel(manager, id))).toBeUndefined();
    expect(await fixture.taskStates()).toEqual([]);
  });

  it('tells whoever waits for it that it was cancelled, once, whether it ran or not', async () => {
    const entered = Promise.withResolvers<undefined>();
    const onCancelled = async (manager: Parameters<Jobs['get']>[0], { id, input }: { id: string; input: { items: string[] } }): Promise<void> => {
      await manager.query('INSERT INTO effect (name) VALUES ($1)', [`${id} ${input.items.join()}`]);
    };
    const waiting = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    waiting.register(copy, copyAll, { onCancelled });
    const idle = await start(waiting, 'idle');
    await inTenant((manager) => waiting.cancel(manager, idle));
    const { jobs } = startJobs(async (job) => {
      entered.resolve(undefined);
      await untilAborted(job.signal);
    }, { onCancelled });
    const busy = await start(jobs, 'busy');
    await entered.promise;
    await inTenant((manager) => jobs.cancel(manager, busy));
    await jobIn(jobs, busy, 'cancelled');
    expect(await fixture.effects()).toEqual([`${idle} idle`, `${busy} busy`]);
  });

  it('keeps its group when it is resumed, so that it rests and goes on with its connection', async () => {
    const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    jobs.register(copy, copyAll);
    const id = await inTenant((manager) => jobs.start(manager, copy, { input: { items: ['a'] }, groupKey: 'a-connection' }));
    await inTenant((manager) => jobs.cancel(manager, id));
    expect(await inTenant((manager) => jobs.resume(manager, id))).toBe(id);
    expect(await fixture.admin.query('SELECT group_key FROM task')).toEqual([{ group_key: 'a-connection' }]);
  });

  it('says what can be done with it, and is not taken up again where its kind does not allow that', async () => {
    const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    jobs.register(copy, copyAll, { isResumable: false, recordErrors: ({ items }) => `/v1/copies/${items.join()}/errors` });
    const id = await start(jobs, 'a');
    expect(await inTenant((manager) => jobs.get(manager, id))).toMatchObject({ acts: ['cancel'], input: { items: ['a'] }, recordErrors: '/v1/copies/a/errors' });
    await inTenant((manager) => jobs.cancel(manager, id));
    expect(await inTenant((manager) => jobs.get(manager, id))).toMatchObject({ acts: [] });
    expect(await inTenant((manager) => jobs.resume(manager, id))).toBeUndefined();
  });

  it('is tried again when it stalls, and fails with the reason when it always does', async () => {
    let runs = 0;
    const { jobs } = startJobs(async () => {
      runs += 1;
      await new Promise(() => undefined);
    });
    const id = await start(jobs, 'a');
    const job = await jobIn(jobs, id, 'failed');
    expect(runs).toBe(3);
    expect(job.error).toEqual({ kind: 'outcome_unknown', message: 'The job made no progress for 400 ms.' });
  });

  it('tells whoever waits for it that it has failed, once', async () => {
    const { jobs } = startJobs(async () => {
      throw new Failure('invalid', 'nothing can be done about it');
    }, {
      onFailed: async (manager, { id, input }, { message }) => {
        await manager.query('INSERT INTO effect (name) VALUES ($1)', [`${id} ${input.items.join()}: ${message}`]);
      },
    });
    const id = await start(jobs, 'a', 'b');
    await jobIn(jobs, id, 'failed');
    expect(await fixture.effects()).toEqual([`${id} a,b: nothing can be done about it`]);
  });

  it('gets all its tries back with each checkpoint', async () => {
    let runs = 0;
    const { jobs } = startJobs(async (job) => {
      runs += 1;
      const next = job.checkpoint?.next ?? 0;
      if (next === 6) return;
      await job.saveCheckpoint({ next: next + 1 });
      throw new Failure('transient', 'the vendor is away');
    });
    const id = await start(jobs, 'a');
    await jobIn(jobs, id, 'succeeded');
    expect(runs).toBe(7);
  });

  it('is given back when the service stops and goes on elsewhere', async () => {
    const entered = Promise.withResolvers<undefined>();
    const { worker } = startJobs(async (job) => {
      entered.resolve(undefined);
      await untilAborted(job.signal);
    });
    const { jobs } = { jobs: new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() }) };
    const id = await start(jobs, 'a');
    await entered.promise;
    await worker.stop();
    expect(await fixture.taskStates()).toEqual(['ready']);
    startJobs(copyAll);
    await jobIn(jobs, id, 'succeeded');
  });

  it('is listed newest first, by state, page by page, and never to another tenant', async () => {
    const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    const ids = [await start(jobs, 'a'), await start(jobs, 'b'), await start(jobs, 'c')];
    const first = await inTenant((manager) => jobs.list(manager, { limit: 2 }));
    const second = await inTenant((manager) => jobs.list(manager, { limit: 2, before: first[1]?.id }));
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(await inTenant((manager) => jobs.list(manager, { state: 'failed' }))).toEqual([]);
    const other = '0198f000-0000-7000-8000-00000000000b';
    expect(await fixture.as(other, () => fixture.tenants.transaction(other, (manager) => jobs.get(manager, ids[0] ?? '')))).toBeUndefined();
  });

  it('never takes the places of short work', async () => {
    const { jobs, registry } = startJobs((job) => untilAborted(job.signal));
    registry.register(single, fixture.succeed);
    fixture.startWorkerOf(registry);
    for (let count = 0; count < 20; count += 1) await start(jobs, 'a');
    await fixture.enqueue(tenantA, single, { recordKey: 'short', groupKey: 'connection', payload: { name: 'short' } });
    await eventually('the short task', async () => (await fixture.effects()).includes('short'));
  });

  it('shows the progress and the age of open jobs as metrics', async () => {
    const jobs = new Jobs({ database: fixture.tenants, queue: fixture.queue, registry: new TaskRegistry() });
    await start(jobs, 'a', 'b', 'c', 'd');
    await fixture.admin.query(`UPDATE job SET done = 1, created_at = now() - interval '1 hour'`);
    const registry = new Registry();
    await new TaskMetrics(registry, fixture.tenants).sample();
    const text = await registry.metrics();
    expect(text).toContain('crossdock_job_progress_ratio{kind="test.copy"} 0.25');
    expect(text).toMatch(/crossdock_job_age_seconds\{kind="test.copy"\} 36\d\d/);
  });
});
