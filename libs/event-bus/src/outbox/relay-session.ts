import type { Notifier, PreparedStatement, SystemSession, TenantDatabase } from '@crossdock/tenancy';

/** A queue's statistics are always out of date, so the planner is told: by the index, row by row. A lost deletion is only a repeat. */
const settings = ['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_hashjoin', 'enable_mergejoin', 'synchronous_commit'];

/**
 * The relay's own connection. Statements run one after the other in the order they were asked for, also where several
 * parts of the relay ask at once; there is never a transaction round them.
 */
export class RelaySession {
  readonly #session: SystemSession;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(session: SystemSession) {
    this.#session = session;
  }

  static async open(database: TenantDatabase): Promise<RelaySession> {
    const session = new RelaySession(await database.systemSession());
    for (const setting of settings) await session.query(`SET ${setting} = off`);
    return session;
  }

  get notifier(): Notifier {
    return this.#session.notifier;
  }

  /** @returns the rows that the statement answers with. */
  query(statement: string | PreparedStatement, values: readonly unknown[] = []): Promise<unknown[]> {
    const result = this.#last.then(() => this.#session.query(statement, values));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Gives the connection back to the pool as it was. */
  async close(): Promise<void> {
    for (const setting of settings) await this.query(`RESET ${setting}`).catch(() => undefined);
    await this.#session.close().catch(() => undefined);
  }
}
