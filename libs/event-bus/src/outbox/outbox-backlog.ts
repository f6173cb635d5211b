import { Gauge, type Registry } from 'prom-client';
import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { outboxShards } from './outbox-shard.ts';

const sampleMs = 2_000;
const sampleSchema = z.object({ rows: z.int(), age: z.number().nullable() });

/** Knows how much waits in the outbox, as metrics and as the ceiling above which new work is refused. */
export class OutboxBacklog {
  readonly #database: TenantDatabase;
  readonly #ceilingRows: number;
  readonly #rows: Gauge;
  readonly #oldestAge: Gauge;
  #timer: NodeJS.Timeout | undefined;
  #lastRows = 0;

  constructor({ database, ceilingRows, metrics }: {
    readonly database: TenantDatabase; readonly ceilingRows: number; readonly metrics: Registry;
  }) {
    this.#database = database;
    this.#ceilingRows = ceilingRows;
    this.#rows = new Gauge({ name: 'crossdock_outbox_rows', help: 'Events waiting to be published.', registers: [metrics] });
    this.#oldestAge = new Gauge({
      name: 'crossdock_outbox_oldest_age_seconds', help: 'Age of the oldest event waiting to be published.', registers: [metrics],
    });
  }

  start(): void {
    this.#timer = setInterval(() => void this.sample().catch(() => undefined), sampleMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether so much waits that taking in more would risk the disk. */
  get isFull(): boolean {
    return this.#lastRows >= this.#ceilingRows;
  }

  /** Counts at most up to the ceiling, so that the count stays cheap however long Kafka is away. */
  async sample(): Promise<void> {
    const [found] = await this.#database.runInSystemScope(
      `SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT ${this.#ceilingRows}) AS waiting)::int AS rows,
              (SELECT max(extract(epoch FROM now() - oldest.created_at)) FROM generate_series(0, ${outboxShards - 1}) AS each (shard) CROSS JOIN LATERAL
                 (SELECT created_at FROM outbox WHERE outbox.shard = each.shard ORDER BY id LIMIT 1) AS oldest)::float8 AS age`);
    const { rows, age } = sampleSchema.parse(found);
    this.#lastRows = rows;
    this.#rows.set(rows);
    this.#oldestAge.set(Math.max(0, age ?? 0));
  }
}
