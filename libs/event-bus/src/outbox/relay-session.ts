import { EventEmitter } from 'node:events';
import { endSystemSession, type TenantDatabase } from '@crossdock/tenancy';
import type { QueryRunner } from 'typeorm';

/** A queue's statistics are always out of date, so the planner is told: by the index, row by row. A lost deletion is only a repeat. */
const settings = ['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_hashjoin', 'enable_mergejoin', 'synchronous_commit'];

/** Where PostgreSQL's driver tells of notifications. */
export interface Notifier {
  on(event: 'notification', listener: (message: unknown) => void): unknown;
  off(event: 'notification', listener: (message: unknown) => void): unknown;
}

/**
 * The relay's own connection. Statements run one after the other in the order they were asked for, also where several
 * parts of the relay ask at once; there is never a transaction round them.
 */
export class RelaySession {
  readonly #runner: QueryRunner;
  readonly notifier: Notifier;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(runner: QueryRunner, notifier: Notifier) {
    this.#runner = runner;
    this.notifier = notifier;
  }

  static async open(database: TenantDatabase): Promise<RelaySession> {
    const runner = await database.systemSession();
    const connection: unknown = await runner.connect();
    if (!(connection instanceof EventEmitter)) throw new Error('The PostgreSQL driver’s connection tells nothing of notifications.');
    const session = new RelaySession(runner, connection);
    for (const setting of settings) await session.query(`SET ${setting} = off`);
    return session;
  }

  /** Rows of a SELECT; rows and their number of a changing statement. */
  query(statement: string, values: unknown[] = []): Promise<unknown> {
    const result = this.#last.then(() => this.#runner.query(statement, values) as Promise<unknown>);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Gives the connection back to the pool as it was. */
  async close(): Promise<void> {
    for (const setting of settings) await this.query(`RESET ${setting}`).catch(() => undefined);
    await endSystemSession(this.#runner).catch(() => undefined);
  }
}
