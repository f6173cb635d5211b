import { TenantWork, TracedHistogram } from '@crossdock/metrics';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { TenantDatabase } from '@crossdock/tenancy';
import { JobMetrics } from './jobs/job-metrics.ts';
import { sampleBacklog } from './store/backlog-sample.ts';

const sampleMs = 5_000;

/** What tasks do and how many wait, for how long; and how far jobs are. */
export class TaskMetrics {
  readonly attempts: Counter<'kind' | 'outcome'>;
  readonly runDuration: TracedHistogram<'kind'>;
  /** Of tasks; whoever puts other things aside counts them here as well. */
  readonly deadLetters: Counter<'origin' | 'reason'>;
  readonly tenantWork: TenantWork;
  readonly #tasks: Gauge<'kind' | 'state'>;
  readonly #oldestAge: Gauge<'kind' | 'state'>;
  readonly #jobs: JobMetrics;
  readonly #database: TenantDatabase;
  #timer: NodeJS.Timeout | undefined;

  constructor(registry: Registry, database: TenantDatabase) {
    const registers = [registry];
    this.#database = database;
    this.tenantWork = TenantWork.of(registry);
    this.#jobs = new JobMetrics(registry, database);
    this.attempts = new Counter({ name: 'crossdock_task_attempts_total', help: 'Tries of tasks by what became of them.', labelNames: ['kind', 'outcome'], registers });
    this.runDuration = new TracedHistogram({
      name: 'crossdock_task_run_duration_seconds', help: 'Time a batch of tasks ran.', labelNames: ['kind'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers: [registry],
    });
    this.deadLetters = new Counter({ name: 'crossdock_dead_letter_total', help: 'Events, webhooks and tasks put into the dead letters.', labelNames: ['origin', 'reason'], registers });
    this.#tasks = new Gauge({ name: 'crossdock_tasks', help: 'Tasks that are not done; above 10,000 of a state, an estimate.', labelNames: ['kind', 'state'], registers });
    this.#oldestAge = new Gauge({ name: 'crossdock_task_oldest_age_seconds', help: 'Age of the oldest task that is not done.', labelNames: ['kind', 'state'], registers });
  }

  start(): void {
    this.#timer = setInterval(() => void this.sample().catch(() => undefined), sampleMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async sample(): Promise<void> {
    const backlog = await this.#database.systemTransaction(sampleBacklog);
    this.#tasks.reset();
    this.#oldestAge.reset();
    for (const { kind, state, tasks, oldestAgeSeconds } of backlog) {
      this.#tasks.set({ kind, state }, tasks);
      this.#oldestAge.set({ kind, state }, Math.max(0, oldestAgeSeconds));
    }
    await this.#jobs.sample();
  }
}
