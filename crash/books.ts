import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool, type QueryResultRow } from 'pg';

const QUERY_TIMEOUT_MS = 20_000;

/** Work that is due, tried again or put off by a vendor's limits; what a timetable has planned for later does not count. */
const underWay = "state IN ('ready', 'running') OR (state = 'waiting' AND (attempt > 0 OR last_error_kind IS NOT NULL OR not_before <= now()))";

/** Where one part of the system keeps what is under way. */
export interface BooksPlan {
  /** The administrator's URL of the database: it sees all tenants. */
  readonly databaseAdminUrl: string;
  readonly kafkaBrokers: string;
  /** Schemas with an outbox and tasks. */
  readonly schemas: readonly string[];
  /** Consumer groups with the topics they read. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** What is still under way; the work has come to rest when all is 0. */
export interface Backlog {
  readonly outbox: number;
  readonly tasks: number;
  /** Messages in Kafka whose offsets are not committed. */
  readonly unread: number;
}

/** Looks into tables and topics, never writes. */
export class Books {
  readonly plan: BooksPlan;
  readonly #pool: Pool;
  readonly #admin: Admin;

  private constructor(plan: BooksPlan) {
    this.plan = plan;
    this.#pool = new Pool({ connectionString: plan.databaseAdminUrl, max: 2, query_timeout: QUERY_TIMEOUT_MS, connectionTimeoutMillis: QUERY_TIMEOUT_MS });
    this.#pool.on('error', () => undefined); // PostgreSQL is killed now and then; the next query connects anew
    this.#admin = this.kafka().admin();
  }

  static async open(plan: BooksPlan): Promise<Books> {
    const books = new Books(plan);
    await books.#admin.connect();
    return books;
  }

  kafka(): Kafka {
    return new Kafka({
      clientId: 'crash-books', brokers: this.plan.kafkaBrokers.split(','), logLevel: logLevel.NOTHING,
      // Kafka is killed now and then, and takes half a minute on a busy machine: longer than kafkajs tries by itself.
      retry: { retries: 120, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }

  async backlog(): Promise<Backlog> {
    const count = async (table: string, condition: string): Promise<number> => {
      const [row] = await this.query<{ total: number }>(
        `SELECT sum(n)::int AS total FROM (${this.plan.schemas.map((schema) => `SELECT count(*) AS n FROM ${schema}.${table} WHERE ${condition}`).join(' UNION ALL ')}) AS counts`);
      return row?.total ?? 0;
    };
    const [outbox, tasks, unread] = await Promise.all([
      count('outbox', 'true'), count('task', underWay), this.#unread(),
    ]);
    return { outbox, tasks, unread };
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
    await this.#pool.end();
  }

  async #unread(): Promise<number> {
    let unread = 0;
    for (const [groupId, topics] of Object.entries(this.plan.groups)) {
      const committed = await this.#admin.fetchOffsets({ groupId, topics: [...topics] });
      for (const { topic, partitions } of committed) {
        const ends = await this.#admin.fetchTopicOffsets(topic);
        for (const { partition, high, low } of ends) {
          const offset = Number(partitions.find((each) => each.partition === partition)?.offset ?? -1);
          unread += Number(high) - Math.max(offset, Number(low));
        }
      }
    }
    return unread;
  }
}
