import { EventEmitter } from 'node:events';
import type { DataSource, QueryRunner } from 'typeorm';

/** A statement that PostgreSQL reads and plans once a connection, and not each time it runs. */
export interface PreparedStatement {
  /** The same name must always stand for the same text. */
  readonly name: string;
  readonly text: string;
}

/** Where PostgreSQL's driver tells of notifications. */
export interface Notifier {
  on(event: 'notification', listener: (message: unknown) => void): unknown;
  off(event: 'notification', listener: (message: unknown) => void): unknown;
}

/** What TypeORM's query runner keeps: the driver's own client. */
interface DriverClient extends Notifier {
  query(statement: { readonly text: string; readonly name?: string; readonly values: readonly unknown[] }): Promise<{ readonly rows: unknown[] }>;
}

/**
 * One connection kept in the system scope, for loops that run the same statements many times a second and want no
 * transaction round them. Each statement commits by itself. A pooled connection never keeps the scope.
 */
export class SystemSession {
  readonly #runner: QueryRunner;
  readonly #client: DriverClient;

  private constructor(runner: QueryRunner, client: DriverClient) {
    this.#runner = runner;
    this.#client = client;
  }

  static async open(dataSource: DataSource): Promise<SystemSession> {
    const runner = dataSource.createQueryRunner();
    const client: unknown = await runner.connect();
    if (!isDriverClient(client)) throw new Error('The PostgreSQL driver’s connection is not as expected: it must take queries and tell of notifications.');
    const session = new SystemSession(runner, client);
    await session.query(`SELECT set_config('crossdock.scope', 'system', false)`);
    return session;
  }

  get notifier(): Notifier {
    return this.#client;
  }

  /** @returns the rows that the statement answers with; those of `RETURNING` where it changes something. */
  async query(statement: string | PreparedStatement, values: readonly unknown[] = []): Promise<unknown[]> {
    const { rows } = await this.#client.query({ ...(typeof statement === 'string' ? { text: statement } : statement), values });
    return rows;
  }

  /** Gives the connection back, closed to other tenants again. */
  async close(): Promise<void> {
    try {
      await this.query(`SELECT set_config('crossdock.scope', '', false)`);
    } finally {
      await this.#runner.release();
    }
  }
}

function isDriverClient(client: unknown): client is DriverClient {
  return client instanceof EventEmitter && 'query' in client && typeof client.query === 'function';
}
