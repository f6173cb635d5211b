import type { EntityManager } from 'typeorm';
import type { FactSelection } from '../credit/fact-selection.ts';

/** The first page waits for all that is joined and sorted, longer than any other statement may take. */
const longestReadMs = 10 * 60_000;
const memoryMegabytes = 32;

/**
 * Reads what a selection gives page by page, as it stood when this was opened: joined once for all, which for hundreds of thousands of records costs a fraction of
 * looking each one up. It lives as long as the transaction.
 */
export class FactCursor<Fact> {
  private constructor(private readonly manager: EntityManager, private readonly selection: FactSelection<Fact>) {}

  static async open<Fact>(manager: EntityManager, selection: FactSelection<Fact>): Promise<FactCursor<Fact>> {
    await manager.query(`SET LOCAL statement_timeout = ${longestReadMs}`);
    await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${longestReadMs}`);
    await manager.query(`SET LOCAL work_mem = '${memoryMegabytes}MB'`);
    // All of it is read: the plan that gives the last row soonest, not the first; and no look-up for each row, however few rows PostgreSQL expects.
    await manager.query('SET LOCAL cursor_tuple_fraction = 1');
    await manager.query('SET LOCAL enable_nestloop = off');
    // So many touches are more than a hash table may hold: sorting them costs three quarters of what writing its overflow to disk does.
    await manager.query('SET LOCAL enable_hashagg = off');
    await manager.query(`DECLARE facts NO SCROLL CURSOR FOR ${selection.statement}`, [...selection.values]);
    return new FactCursor(manager, selection);
  }

  /** @returns the next ones; none at the end. */
  async next(atMost: number): Promise<Fact[]> {
    return this.selection.factsOf(await this.manager.query<unknown[]>(`FETCH ${atMost} FROM facts`));
  }
}
