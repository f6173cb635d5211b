import { Gauge, type Registry } from 'prom-client';
import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';

const mostOpen = 10_000;
const rowsSchema = z.array(z.object({ kind: z.string(), ratio: z.number(), age: z.number() }));

/** How far open jobs are, and how old the oldest of each kind is. */
export class JobMetrics {
  readonly #database: TenantDatabase;
  readonly #progress: Gauge<'kind'>;
  readonly #age: Gauge<'kind'>;

  constructor(registry: Registry, database: TenantDatabase) {
    this.#database = database;
    const registers = [registry];
    this.#progress = new Gauge({
      name: 'crossdock_job_progress_ratio', help: 'Items handled of those known, over the open jobs of a kind.', labelNames: ['kind'], registers,
    });
    this.#age = new Gauge({ name: 'crossdock_job_age_seconds', help: 'Age of the oldest open job of a kind.', labelNames: ['kind'], registers });
  }

  async sample(): Promise<void> {
    const rows = rowsSchema.parse(await this.#database.runInSystemScope(
      `SELECT kind, coalesce(sum(done + failed) FILTER (WHERE total > 0) / nullif(sum(total), 0), 0)::float8 AS ratio,
              extract(epoch FROM now() - min(created_at))::float8 AS age
       FROM (SELECT * FROM job WHERE state IN ('queued', 'running', 'waiting') LIMIT ${mostOpen}) AS open GROUP BY kind`));
    this.#progress.reset();
    this.#age.reset();
    for (const { kind, ratio, age } of rows) {
      this.#progress.set({ kind }, ratio);
      this.#age.set({ kind }, Math.max(0, age));
    }
  }
}
