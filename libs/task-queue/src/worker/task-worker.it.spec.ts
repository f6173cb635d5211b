import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Failure } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { LeaseLostError } from '../store/task-row.ts';
import { QueueFixture, single, task, tenantA, type PayloadKind } from '../task-queue.fixture.ts';

const tenantB = '0198f000-0000-7000-8000-00000000000b';
let fixture: QueueFixture;

beforeAll(async () => {
  fixture = await QueueFixture.create();
});
afterEach(() => fixture.reset());
afterAll(() => fixture.database.drop());

async function taskRow(): Promise<{ state: string; attempt: number; pause: number } | undefined> {
  const [row] = await fixture.admin.query<Array<{ state: string; attempt: number; pause: number }>>(
    'SELECT state, attempt, extract(epoch FROM not_before - now())::float8 AS pause FROM task');
  return row;
}

/** As after a worker's death: its lease has run out. */
async function orphan(): Promise<void> {
  await fixture.admin.query(`UPDATE task SET state = 'running', lease_holder = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE state <> 'dead'`);
}

async function resume(): Promise<void> {
  await fixture.as(tenantA, () => fixture.tenants.transaction(tenantA, (manager) => fixture.queue.resumeParked(manager, 'connection')));
}

describe('a handler that misbehaves', () => {
  it('is timed out when it hangs; its task runs again, and what it brings late is not recorded', async () => {
    const impatient: PayloadKind = { ...single, timeoutMs: 50 };
    const release = Promise.withResolvers<undefined>();
    const late = Promise.withResolvers<unknown>();
    fixture.startWorker(impatient, async (batch) => {
      if (batch.tasks[0]?.attempt !== 1) return fixture.succeed(batch);
      await release.promise;
      await fixture.succeed(batch).catch((error: unknown) => late.resolve(error));
    });
    await fixture.enqueue(tenantA, single, task('hangs'));
    await eventually('the second try', async () => (await fixture.effects()).length === 1);
    release.resolve(undefined);
    expect(await late.promise).toBeInstanceOf(Error);
    expect(await fixture.effects()).toEqual(['hangs']);
  });

  it('is told to end when its lease went to another worker', async () => {
    const told = Promise.withResolvers<unknown>();
    fixture.startWorker(single, async (batch) => {
      await fixture.admin.query('UPDATE task SET lease_holder = gen_random_uuid()');
      batch.signal.addEventListener('abort', () => told.resolve(batch.signal.reason), { once: true });
      await new Promise(() => undefined);
    });
    await fixture.enqueue(tenantA, single, task('taken over'));
    expect(await told.promise).toBeInstanceOf(LeaseLostError);
    expect(await fixture.taskStates()).toEqual(['running']);
  });

  it('that ends its worker at each try is not begun once more: its task is put aside', async () => {
    let runs = 0;
    await fixture.enqueue(tenantA, single, task('poison'));
    await fixture.admin.query('UPDATE task SET attempt = 3');
    await orphan();
    fixture.startWorker(single, async () => {
      runs += 1;
    });
    await eventually('a dead task', async () => (await fixture.taskStates())[0] === 'dead');
    expect(runs).toBe(0);
  });

  it('that hangs for one tenant leaves places to the others', async () => {
    fixture.startWorker(single, (batch) => (batch.tenantId === tenantA ? new Promise(() => undefined) : fixture.succeed(batch)));
    await fixture.enqueue(tenantA, single, ...Array.from({ length: 60 }, (_, index) => task(`hangs ${index}`)));
    await eventually('the first ones hang', async () => (await fixture.taskStates()).filter((state) => state === 'running').length >= 12);
    await fixture.enqueue(tenantB, single, task('quick'));
    await eventually('the other tenant’s task', async () => (await fixture.effects()).includes('quick'));
  });
});

describe('time', () => {
  it('is the database’s: a worker whose clock is a day ahead pauses a task for as long as it should', async () => {
    jest.useFakeTimers({ now: Date.now() + 86_400_000, doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
    try {
      fixture.startWorker(single, async () => { throw new Failure('rate_limited', 'slow down', { retryAfterMs: 60_000 }); });
      await fixture.enqueue(tenantA, single, task('early'));
      const row = await eventually('a pause', async () => {
        const found = await taskRow();
        return found?.state === 'waiting' && found;
      }, 86_400_000);
      expect(row.pause).toBeGreaterThan(30);
      expect(row.pause).toBeLessThanOrEqual(60);
    } finally {
      jest.useRealTimers();
    }
  });

  it('of a day passes in 107 tries, the last ones a quarter of an hour apart, before a task is dead', async () => {
    let pausedSeconds = 0;
    fixture.startWorker({ ...single, maxAttempts: 107 }, async () => { throw new Failure('transient', 'the vendor is away'); }, { random: () => 1 });
    await fixture.enqueue(tenantA, single, task('patient'));
    for (let attempt = 1; attempt < 107; attempt += 1) {
      const row = await eventually(`try ${attempt}`, async () => {
        fixture.wake();
        const found = await taskRow();
        return found?.state === 'waiting' && found.attempt === attempt && found;
      });
      pausedSeconds += row.pause;
      await fixture.passTime(Math.max(0, row.pause) + 0.001);
    }
    await eventually('a dead task', async () => (await taskRow())?.state === 'dead');
    expect(pausedSeconds / 3_600).toBeGreaterThan(23.5);
    expect(pausedSeconds / 3_600).toBeLessThan(24.5);
  }, 120_000);
});

describe('a task that coalesces', () => {
  const latest = task('latest', { coalesce: true });

  it('absorbs what came while it ran when it has to wait, so that one is left', async () => {
    fixture.startWorker(single, async () => {
      await fixture.enqueue(tenantA, single, latest);
      throw new Failure('rate_limited', 'slow down', { retryAfterMs: 60_000 });
    });
    await fixture.enqueue(tenantA, single, latest);
    await eventually('one waits', async () => (await fixture.taskStates()).join() === 'waiting');
  });

  it('absorbs what came while it was parked, and runs once when resumed', async () => {
    let isConnected = false;
    fixture.startWorker(single, async (batch) => {
      if (isConnected) return fixture.succeed(batch);
      await fixture.enqueue(tenantA, single, latest);
      throw new Failure('unauthorised', 'reconnect');
    });
    await fixture.enqueue(tenantA, single, latest);
    await eventually('one is parked', async () => (await fixture.taskStates()).join() === 'parked');
    await fixture.enqueue(tenantA, single, latest);
    expect(await fixture.taskStates()).toEqual(['parked']);
    isConnected = true;
    await resume();
    await eventually('it ran', async () => (await fixture.taskStates()).length === 0);
    expect(await fixture.effects()).toEqual(['latest']);
  });

  it('does not hold up the others when its worker died while a younger one waits', async () => {
    await fixture.enqueue(tenantA, single, latest, task('other'));
    await orphan();
    await fixture.enqueue(tenantA, single, latest);
    fixture.startWorker(single, fixture.succeed);
    await eventually('both ran', async () => (await fixture.taskStates()).length === 0);
    expect((await fixture.effects()).toSorted()).toEqual(['latest', 'other']);
  });

  it('is given back when the worker stops, though a younger one waits', async () => {
    const entered = Promise.withResolvers<undefined>();
    const worker = fixture.startWorker(single, async () => {
      await fixture.enqueue(tenantA, single, latest);
      entered.resolve(undefined);
      await new Promise(() => undefined);
    });
    await fixture.enqueue(tenantA, single, latest);
    await entered.promise;
    await worker.stop();
    expect(await fixture.taskStates()).toEqual(['ready']);
    expect((await taskRow())?.attempt).toBe(0);
  });

  it('survives a burst on one record, with failures in between, over three workers', async () => {
    let running = 0;
    let mostAtOnce = 0;
    for (let workers = 0; workers < 3; workers += 1) {
      fixture.startWorker(single, async (batch) => {
        running += 1;
        mostAtOnce = Math.max(mostAtOnce, running);
        try {
          if (batch.tasks[0]?.attempt === 1) throw new Failure('transient', 'once more');
          await fixture.succeed(batch);
        } finally {
          running -= 1;
        }
      });
    }
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 25; count += 1) await fixture.enqueue(tenantA, single, latest);
    }));
    await eventually('all is done', async () => (await fixture.taskStates()).length === 0);
    expect(mostAtOnce).toBe(1);
    expect((await fixture.effects()).length).toBeGreaterThan(0);
  });
});

describe('work in bulk', () => {
  it('runs thousands of tasks of many tenants over three workers, each exactly once', async () => {
    await fixture.admin.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, correlation_id)
       SELECT ('0198f000-0000-7000-8000-' || lpad(to_hex(n % 50), 12, '0'))::uuid, 'test.single', 'record ' || n % 500, 'connection', false,
              jsonb_build_object('name', n::text), gen_random_uuid() FROM generate_series(1, 3000) AS n`);
    const seen: string[] = [];
    for (let workers = 0; workers < 3; workers += 1) {
      fixture.startWorker(single, async (batch) => {
        for (const each of batch.tasks) {
          seen.push(each.payload.name);
          await batch.settle(each);
        }
      });
    }
    await eventually('all are done', async () => (await fixture.taskStates()).length === 0, 60_000);
    expect(new Set(seen).size).toBe(3_000);
    expect(seen).toHaveLength(3_000);
  });
});
