import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { TaskQueue } from '../task-queue.ts';
import type { RegisteredSchedule, ScheduleRegistry } from './schedule-registry.ts';
import { ScheduleStore } from './schedule-store.ts';

const lookEveryMs = 1_000;
const faultPauseMs = 2_000;

/** Puts a task into the queue at each slot of each schedule: once, however many replicas look and however the clock jumps. */
export class Scheduler {
  readonly #store: ScheduleStore;
  readonly #registry: ScheduleRegistry;
  readonly #queue: TaskQueue;
  readonly #logger: Logger;
  readonly #firings: Counter<'schedule'>;
  readonly #loop: BackgroundLoop;
  #isAnnounced = false;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly registry: ScheduleRegistry;
    readonly queue: TaskQueue;
    readonly logger: Logger;
    readonly metrics: Registry;
  }) {
    this.#store = new ScheduleStore(options.database);
    this.#registry = options.registry;
    this.#queue = options.queue;
    this.#logger = options.logger;
    this.#firings = new Counter({
      name: 'crossdock_schedule_firings_total', help: 'Slots of schedules that this process fired.', labelNames: ['schedule'], registers: [options.metrics],
    });
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => this.#logger.error({ err: error }, 'schedules could not be looked at; trying again'),
      idleMs: lookEveryMs,
      faultPauseMs,
    });
  }

  start(): void {
    if (this.#registry.schedules.length > 0) this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(): Promise<RoundResult> {
    const { schedules } = this.#registry;
    if (!this.#isAnnounced) await this.#store.announce(schedules);
    this.#isAnnounced = true;
    for (const schedule of await this.#store.findDue(schedules)) {
      // One schedule whose tenants cannot be listed must not keep the others from firing.
      await this.#fire(schedule).catch((error: unknown) => this.#logger.error({ err: error, schedule: schedule.name }, 'a schedule could not fire; trying again'));
    }
    return 'idle';
  }

  async #fire(schedule: RegisteredSchedule): Promise<void> {
    const { name, kind, payload } = schedule;
    const tenants = await schedule.tenants();
    const slot = await this.#store.fire(schedule, (manager, fired) => this.#queue.enqueueForTenants(manager, kind, tenants, {
      recordKey: `schedule/${name}`, groupKey: name, payload: payload(fired),
    }));
    if (!slot) return;
    this.#firings.inc({ schedule: name });
    this.#logger.info({ schedule: name, slot, tenants: tenants.length }, 'a schedule fired');
  }
}
