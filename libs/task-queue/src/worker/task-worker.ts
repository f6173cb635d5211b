import type { Logger } from 'pino';
import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import { CompletionGroup } from '../store/completion-group.ts';
import { leaseSeconds, TaskStore } from '../store/task-store.ts';
import { takeBatches } from '../store/task-taking.ts';
import type { TaskMetrics } from '../task-metrics.ts';
import type { TaskRegistry } from '../task-registry.ts';
import { TaskLane, type LaneOptions } from './task-lane.ts';
import { TaskRelease } from './task-release.ts';

const taskPlaces = 16;
const jobPlaces = 4;
const taskPollMs = 500;
/** A job takes minutes; that one of another process begins two seconds later is nothing to it. */
const jobPollMs = 2_000;

export interface TaskWorkerOptions {
  readonly database: TenantDatabase;
  readonly registry: TaskRegistry;
  readonly logger: Logger;
  readonly metrics: TaskMetrics;
  readonly random?: () => number;
}

/** Takes ready tasks, fair over tenants, and runs them by their registered handlers: short ones and long jobs side by side. */
export class TaskWorker {
  readonly #options: TaskWorkerOptions;
  readonly #store: TaskStore;
  readonly #holder = uuid();
  readonly #release: TaskRelease;
  readonly #stop = new AbortController();
  #lanes: readonly TaskLane[] = [];
  #leaseTimer: NodeJS.Timeout | undefined;

  constructor(options: TaskWorkerOptions) {
    this.#options = options;
    this.#store = new TaskStore(options.database, this.#holder);
    this.#release = new TaskRelease(this.#store, () => this.wake());
  }

  start(): void {
    const { registry } = this.#options;
    this.#lanes = [
      this.#createLane(registry.handlers.filter(({ isLong }) => !isLong), { places: taskPlaces, idlePollMs: taskPollMs }),
      this.#createLane(registry.handlers.filter(({ isLong }) => isLong), { places: jobPlaces, idlePollMs: jobPollMs }),
    ];
    for (const lane of this.#lanes) lane.start();
    this.#leaseTimer = setInterval(() => void this.#renewLeases(), (leaseSeconds / 3) * 1_000);
  }

  /** Has it look at once for what was enqueued. @param kinds where only work of these came; to look costs the database the same whether anything is found or not. */
  wake(kinds?: ReadonlySet<string>): void {
    for (const lane of this.#lanes) if (!kinds || lane.takesAny(kinds)) lane.wake();
  }

  /** Takes nothing more, tells running handlers to end, and waits for them; what they left undone is given back. */
  async stop(): Promise<void> {
    const taking = this.#lanes.map((lane) => lane.stopTaking());
    this.#stop.abort(new Failure('transient', 'The service is stopping.'));
    await Promise.allSettled(taking);
    await Promise.all(this.#lanes.map((lane) => lane.drained()));
    clearInterval(this.#leaseTimer);
  }

  #createLane(handlers: TaskRegistry['handlers'], pace: Pick<LaneOptions, 'places' | 'idlePollMs'>): TaskLane {
    const { database, logger, metrics, random = Math.random } = this.#options;
    return new TaskLane({
      ...pace,
      handlers,
      tools: { store: this.#store, completions: new CompletionGroup(this.#store), logger, metrics, random, stop: this.#stop.signal },
      take: (request) => takeBatches(database, this.#holder, request),
      beforeRound: () => this.#release.nowAndThen(),
    });
  }

  async #renewLeases(): Promise<void> {
    const leases = this.#lanes.map((lane) => lane.leases());
    const ids = leases.flatMap((lease) => lease.ids);
    if (ids.length === 0) return;
    try {
      const held = await this.#store.renewLeases(ids);
      for (const { onKept } of leases) onKept(held);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'task leases could not be renewed');
    }
  }
}
