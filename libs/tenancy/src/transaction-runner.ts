import type { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';

/** A connection for one transaction, which begins and says whose it is in one message to the database instead of two. */
export class TransactionRunner extends PostgresQueryRunner {
  static of(dataSource: DataSource): TransactionRunner {
    if (!(dataSource.driver instanceof PostgresDriver)) throw new Error('Tenants’ rows are kept in PostgreSQL, and no other driver keeps them apart.');
    const runner = new TransactionRunner(dataSource.driver, 'master');
    runner.manager = dataSource.createEntityManager(runner);
    return runner;
  }

  /** @param opening statements without parameters, which the transaction begins with. */
  async begin(opening: string): Promise<void> {
    this.isTransactionActive = true;
    await this.query(`START TRANSACTION; ${opening}`);
    this.transactionDepth = 1;
  }
}
