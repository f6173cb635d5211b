import type { TenantDatabase } from '@crossdock/tenancy';
import { Gauge, type Registry } from 'prom-client';

const sampleMs = 5_000;
/** Counted no further: how many more there are does not change what is to be done. */
const countedRows = 10_000;

/** How many dead letters there are, as a metric. Parked tasks are not among them; `crossdock_tasks` counts those. */
export class DeadLetterGauge {
  readonly #database: TenantDatabase;
  readonly #letters: Gauge<'origin' | 'reason'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: TenantDatabase, metrics: Registry) {
    this.#database = database;
    this.#letters = new Gauge({
      name: 'crossdock_dead_letters', help: 'Dead letters of events, webhooks and tasks, counted up to 10,000 each.',
      labelNames: ['origin', 'reason'], registers: [metrics],
    });
  }

  start(): void {
    this.#timer = setInterval(() => void this.sample().catch(() => undefined), sampleMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async sample(): Promise<void> {
    const rows = await this.#database.systemTransaction((manager) => manager.query<Array<{ origin: string; reason: string; letters: number }>>(
      `SELECT origin, reason, count(*)::int AS letters FROM (SELECT origin, reason FROM dead_letter LIMIT $1) AS letter GROUP BY 1, 2
       UNION ALL
       SELECT 'task', coalesce(reason, 'unexpected'), count(*)::int
       FROM (SELECT last_error_kind AS reason FROM task WHERE state = 'dead' LIMIT $1) AS task GROUP BY 1, 2`,
      [countedRows],
    ));
    this.#letters.reset();
    for (const { origin, reason, letters } of rows) this.#letters.set({ origin, reason }, letters);
  }
}
