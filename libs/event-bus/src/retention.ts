import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

const roundMs = 3_600_000;
const faultPauseMs = 60_000;
/** Rows that one statement removes, so that none holds locks for long. */
export const agedRowsAtOnce = 5_000;

/** Rows of a table that are kept for some days. */
export interface AgedRows {
  readonly table: string;
  readonly keyColumn: string;
  /** When a row began to be; an index leads by it. */
  readonly timeColumn: string;
}

export interface RetentionOptions {
  readonly database: TenantDatabase;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** A service's dead letters. */
export const deadLetterRows: AgedRows = { table: 'dead_letter', keyColumn: 'id', timeColumn: 'created_at' };

/** Removes the oldest of the rows that are older than `$1` days; who has one in hand keeps it until the next time. */
export function agedRowsRemoval({ table, keyColumn, timeColumn }: AgedRows): string {
  return `DELETE FROM ${table} WHERE ${keyColumn} IN (
    SELECT ${keyColumn} FROM ${table} WHERE ${timeColumn} < now() - make_interval(days => $1) ORDER BY ${timeColumn} LIMIT ${agedRowsAtOnce} FOR UPDATE SKIP LOCKED)`;
}

/**
 * Removes what has been kept for long enough, each hour, a few thousand rows a transaction. Replicas may do it at once: each passes over the rows that
 * another one, or an operator, has in hand.
 */
export class Retention {
  readonly #database: TenantDatabase;
  readonly #logger: Logger;
  readonly #removed: Counter;
  readonly #loop: BackgroundLoop;
  readonly #rules: Array<{ readonly rows: AgedRows; readonly days: number }> = [];

  constructor({ database, logger, metrics }: RetentionOptions) {
    this.#database = database;
    this.#logger = logger;
    this.#removed = new Counter({
      name: 'crossdock_retention_removed_total', help: 'Rows that were removed because they had been kept for as long as the settings say.', labelNames: ['table'], registers: [metrics],
    });
    this.#loop = new BackgroundLoop({
      round: () => this.removeOnce(),
      onFault: async (error) => logger.error({ err: error }, 'what has been kept for long enough could not be removed; it is tried again in a minute'),
      idleMs: roundMs,
      faultPauseMs,
    });
  }

  /** Has rows of a table that the system scope reaches removed once they are older than so many days. */
  keepFor(days: number, rows: AgedRows): void {
    this.#rules.push({ rows, days });
    this.#removed.inc({ table: rows.table }, 0);
  }

  /** One statement for each kind of rows. @returns busy where there may be more of one. */
  async removeOnce(): Promise<RoundResult> {
    let isFull = false;
    for (const { rows, days } of this.#rules) {
      const [, count] = await this.#database.systemTransaction((manager) => manager.query<[unknown, number]>(agedRowsRemoval(rows), [days]));
      this.#removed.inc({ table: rows.table }, count);
      if (count > 0) this.#logger.info({ table: rows.table, days, rows: count }, 'rows that were kept for long enough were removed');
      isFull ||= count === agedRowsAtOnce;
    }
    return isFull ? 'busy' : 'idle';
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
