import type { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { z } from 'zod';
import { allTenants, type Scope } from './open-transaction.ts';
import { PreparingConnection, type DriverClient } from './preparing-connection.ts';

/** What TypeORM's query runner keeps: the driver's own client. */
const clientSchema = z.custom<DriverClient>((client) => typeof client === 'object' && client !== null && 'query' in client && typeof client.query === 'function');

/** Tells the database whose rows the transaction sees and writes; the values are the tenant, or none, and the scope. */
const turn = `SELECT set_config('crossdock.tenant_id', $1, true), set_config('crossdock.scope', $2, true)`;

/**
 * A connection for one transaction, which begins and says whose it is in one message to the database instead of two, says that it
 * turned to somebody else before the next statement that runs for them, and whose statements are prepared where they come again.
 */
export class TransactionRunner extends PostgresQueryRunner {
  #connection: Pick<PreparingConnection, 'query'> | undefined;
  /** Whose rows the next statement sees and writes. */
  scope: Scope;
  /** What the database was told of that last. */
  #toldScope: Scope;

  private constructor(driver: PostgresDriver, scope: Scope) {
    super(driver, 'master');
    this.scope = scope;
    this.#toldScope = scope;
  }

  /** @param scope whose the transaction begins as; `begin` tells the database. */
  static of(dataSource: DataSource, scope: Scope): TransactionRunner {
    if (!(dataSource.driver instanceof PostgresDriver)) throw new Error('Tenants’ rows are kept in PostgreSQL, and no other driver keeps them apart.');
    const runner = new TransactionRunner(dataSource.driver, scope);
    runner.manager = dataSource.createEntityManager(runner);
    return runner;
  }

  override async connect(): Promise<Pick<PreparingConnection, 'query'>> {
    if (this.#connection) return this.#connection;
    const connection = PreparingConnection.of(clientSchema.parse(await super.connect()));
    this.#connection = {
      query: async (text, values) => {
        await this.#tellScope(connection);
        return connection.query(text, values);
      },
    };
    return this.#connection;
  }

  /** @param opening statements without parameters, which the transaction begins with. */
  async begin(opening: string): Promise<void> {
    this.isTransactionActive = true;
    await this.query(`START TRANSACTION; ${opening}`);
    this.transactionDepth = 1;
  }

  override commitTransaction(): Promise<void> {
    this.scope = this.#toldScope;
    return super.commitTransaction();
  }

  /** After a statement that failed the database takes no other one. */
  override rollbackTransaction(): Promise<void> {
    this.scope = this.#toldScope;
    return super.rollbackTransaction();
  }

  /** Sent at once, so that whatever is given meanwhile comes after it. */
  async #tellScope(connection: PreparingConnection): Promise<void> {
    if (this.scope === this.#toldScope) return;
    this.#toldScope = this.scope;
    await connection.query(turn, this.scope === allTenants ? ['', 'system'] : [this.scope, '']);
  }
}
