import type { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { z } from 'zod';
import { PreparingConnection, type DriverClient } from './preparing-connection.ts';

/** What TypeORM's query runner keeps: the driver's own client. */
const clientSchema = z.custom<DriverClient>((client) => typeof client === 'object' && client !== null && 'query' in client && typeof client.query === 'function');

/**
 * A connection for one transaction, which begins and says whose it is in one message to the database instead of two, and whose
 * statements are prepared where they come again.
 */
export class TransactionRunner extends PostgresQueryRunner {
  #connection: PreparingConnection | undefined;

  static of(dataSource: DataSource): TransactionRunner {
    if (!(dataSource.driver instanceof PostgresDriver)) throw new Error('Tenants’ rows are kept in PostgreSQL, and no other driver keeps them apart.');
    const runner = new TransactionRunner(dataSource.driver, 'master');
    runner.manager = dataSource.createEntityManager(runner);
    return runner;
  }

  override async connect(): Promise<PreparingConnection> {
    this.#connection ??= PreparingConnection.of(clientSchema.parse(await super.connect()));
    return this.#connection;
  }

  /** @param opening statements without parameters, which the transaction begins with. */
  async begin(opening: string): Promise<void> {
    this.isTransactionActive = true;
    await this.query(`START TRANSACTION; ${opening}`);
    this.transactionDepth = 1;
  }
}
