import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { eventually } from '@crossdock/test-stack';
import { logger, QueueFixture, single, tenantA } from '../task-queue.fixture.ts';
import { installationTenant, ScheduleRegistry, type Schedule } from './schedule-registry.ts';
import { ScheduleStore } from './schedule-store.ts';
import { Scheduler } from './scheduler.ts';

const tenantB = '0198f000-0000-7000-8000-00000000000b';
let fixture: QueueFixture;
let schedulers: Scheduler[] = [];

beforeAll(async () => {
  fixture = await QueueFixture.create();
});
afterEach(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  schedulers = [];
  await fixture.reset();
});
afterAll(() => fixture.database.drop());

const hourly: Schedule<typeof single.schema> = {
  name: 'test.hourly', cron: '0 * * * *', task: { kind: single, payload: (slot) => ({ name: slot.toISOString() }) },
};

function registryOf(schedule: Schedule<typeof single.schema>): ScheduleRegistry {
  const registry = new ScheduleRegistry();
  registry.register(schedule);
  return registry;
}

function startScheduler(schedule: Schedule<typeof single.schema>): void {
  const scheduler = new Scheduler({ database: fixture.tenants, registry: registryOf(schedule), queue: fixture.queue, logger, metrics: new Registry() });
  schedulers.push(scheduler);
  scheduler.start();
}

async function announced(): Promise<void> {
  await eventually('the schedule is known', async () => (await fixture.admin.query<unknown[]>('SELECT 1 FROM schedule')).length > 0);
}

/** The clock jumps past so many slots. */
async function missSlots(hours: number): Promise<void> {
  await fixture.admin.query(`UPDATE schedule SET next_at = date_trunc('hour', now()) - make_interval(hours => $1)`, [hours - 1]);
}

async function firedSlots(): Promise<Date[]> {
  return (await fixture.admin.query<Array<{ slot: Date }>>('SELECT slot FROM schedule_firing ORDER BY slot')).map(({ slot }) => slot);
}

async function isWaitingForNextHour(): Promise<boolean> {
  const [row] = await fixture.admin.query<Array<{ is_next: boolean }>>(
    `SELECT next_at = date_trunc('hour', now()) + interval '1 hour' AS is_next FROM schedule`);
  return row?.is_next === true;
}

describe('a schedule', () => {
  it('fires a slot once over three replicas, and all slots that were missed as one', async () => {
    startScheduler(hourly);
    await announced();
    startScheduler(hourly);
    startScheduler(hourly);
    await missSlots(48);
    await eventually('a firing', async () => (await firedSlots()).length > 0);
    await eventually('the next slot', isWaitingForNextHour);
    expect(await firedSlots()).toHaveLength(1);
    expect(await fixture.admin.query('SELECT tenant_id, record_key FROM task')).toEqual([{ tenant_id: installationTenant, record_key: 'schedule/test.hourly' }]);
  });

  it('does not fire a slot again when the clock was set back behind it', async () => {
    const store = new ScheduleStore(fixture.tenants);
    const [schedule] = registryOf(hourly).schedules;
    if (!schedule) throw new Error('no schedule');
    await store.announce([schedule]);
    await missSlots(1);
    expect(await store.fire(schedule, async () => {})).toBeInstanceOf(Date);
    // The same slot comes again, as if the clock had been set back an hour and gone on.
    await missSlots(1);
    expect(await store.fire(schedule, async () => {})).toBeUndefined();
    expect(await firedSlots()).toHaveLength(1);
  });

  it('does not fall silent when the clock jumped ahead and came back', async () => {
    startScheduler(hourly);
    await announced();
    await fixture.admin.query(`UPDATE schedule SET next_at = now() + interval '30 days'`);
    await eventually('the next slot', isWaitingForNextHour);
    expect(await firedSlots()).toEqual([]);
  });

  it('forgets a slot whose tasks could not be enqueued, and fires it again', async () => {
    const store = new ScheduleStore(fixture.tenants);
    const [schedule] = registryOf(hourly).schedules;
    if (!schedule) throw new Error('no schedule');
    await store.announce([schedule]);
    await missSlots(1);
    await expect(store.fire(schedule, async () => { throw new Error('no room'); })).rejects.toThrow('no room');
    expect(await store.fire(schedule, async () => {})).toBeInstanceOf(Date);
  });

  it('gives each tenant a task, and joins one that a tenant has not got to yet', async () => {
    startScheduler({ ...hourly, perTenant: async () => [tenantA, tenantB] });
    await announced();
    await missSlots(2);
    await eventually('a task for each', async () => (await fixture.taskStates()).length === 2);
    await fixture.admin.query('DELETE FROM schedule_firing');
    await missSlots(1);
    await eventually('another firing', async () => (await firedSlots()).length === 1);
    expect(await fixture.taskStates()).toEqual(['ready', 'ready']);
  });

  it('begins anew with the next slot when its rhythm changed', async () => {
    const store = new ScheduleStore(fixture.tenants);
    await store.announce(registryOf({ ...hourly, cron: '0 0 1 1 *' }).schedules);
    await store.announce(registryOf(hourly).schedules);
    expect(await isWaitingForNextHour()).toBe(true);
  });
});
