import type { TenantDatabase } from '@crossdock/tenancy';
import { countDeadLettersOfAll, type DeadLetterCountsOfAll } from './dead-letter-counts.ts';
import { deadLetterQuerySchema } from './dead-letter-filter.ts';
import { listDeadLetters } from './dead-letter-list.ts';
import { viewPage, type DeadLetterPage } from './dead-letter-view.ts';

/** What this service could not work off of all tenants, in the system scope: for operators, who are asked for their scope before. */
export class AllDeadLetters {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Oldest first; of one tenant where the query names it. */
  async list(query: unknown): Promise<DeadLetterPage> {
    const { limit, cursor, ...filter } = deadLetterQuerySchema.parse(query);
    return viewPage(await this.#database.systemTransaction((manager) => listDeadLetters(manager, filter, { limit, cursor })), limit);
  }

  count(): Promise<DeadLetterCountsOfAll> {
    return this.#database.systemTransaction(countDeadLettersOfAll);
  }
}
