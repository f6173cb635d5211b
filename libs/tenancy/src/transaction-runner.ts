import { QueryFailedError, type DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { z } from 'zod';
import { allTenants, type Scope, type Statement } from './open-transaction.ts';
import { PreparingConnection, type DriverClient } from './preparing-connection.ts';

/** What TypeORM's query runner keeps: the driver's own client. */
const clientSchema = z.custom<DriverClient>((client) => typeof client === 'object' && client !== null && 'connection' in client && 'query' in client && typeof client.query === 'function');

/** Tells the database whose rows the transaction sees and writes; the values are the tenant, or none, and the scope. */
const turn = `SELECT set_config('crossdock.tenant_id', $1, true), set_config('crossdock.scope', $2, true)`;

/** A statement that is sent with the next one, and whose rows it sees and writes. */
interface LaterStatement extends Statement {
  readonly scope: Scope;
}

/**
 * A connection for one transaction. That it begins, whose it is and to whom it has turned goes to the database together with the next statement, and
 * is not waited for by itself; a transaction of which nothing is asked is not begun there. Statements that come again are prepared.
 */
export class TransactionRunner extends PostgresQueryRunner {
  #connection: Pick<PreparingConnection, 'query'> | undefined;
  /** What the transaction begins with, until it is sent. */
  #opening: string | undefined;
  readonly #later: LaterStatement[] = [];
  /** Whose rows the next statement sees and writes. */
  scope: Scope;
  /** What the database was told of that last. */
  #toldScope: Scope;

  private constructor(driver: PostgresDriver, scope: Scope) {
    super(driver, 'master');
    this.scope = scope;
    this.#toldScope = scope;
  }

  /** @param scope whose the transaction begins as; the statements that `begin` is given tell the database. */
  static of(dataSource: DataSource, scope: Scope): TransactionRunner {
    if (!(dataSource.driver instanceof PostgresDriver)) throw new Error('Tenants’ rows are kept in PostgreSQL, and no other driver keeps them apart.');
    const runner = new TransactionRunner(dataSource.driver, scope);
    runner.manager = dataSource.createEntityManager(runner);
    return runner;
  }

  override async connect(): Promise<Pick<PreparingConnection, 'query'>> {
    if (this.#connection) return this.#connection;
    const connection = await this.#connect();
    this.#connection ??= {
      query: async (text, values) => {
        // The database answers in the order in which it was asked: where what came ahead fails, that is what is told.
        const answers = await Promise.all(connection.inOneMessage(() => [...this.#tell(connection), connection.query(text, values)]));
        return answers.at(-1);
      },
    };
    return this.#connection;
  }

  /** @param opening statements without parameters, which the transaction begins with. */
  begin(opening: string): void {
    this.#opening = `START TRANSACTION; ${opening}`;
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  /** Has a statement run in one message with the next one. Of its answer nobody hears but where it fails, as what it is sent with then does. */
  later({ text, values }: Statement): void {
    this.#later.push({ text, values, scope: this.scope });
  }

  /**
   * Commits what was done and what these last statements do, all in one message to the database. Where one fails, it has rolled all of them back.
   * @throws QueryFailedError with what the statement failed for.
   */
  async commitWith(statements: readonly Statement[]): Promise<void> {
    if (statements.length === 0 && this.#later.length === 0) return this.commitTransaction();
    const connection = await this.#connect();
    const answers = connection.inOneMessage(() => [
      ...this.#tell(connection), ...statements.map(({ text, values }) => connection.query(text, values)), connection.query('COMMIT'),
    ]);
    // Nothing more can be asked of this transaction, whatever is answered.
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    const outcomes = await Promise.allSettled(answers);
    const failure = outcomes.find(({ status }) => status === 'rejected');
    if (failure?.status !== 'rejected') return;
    throw failure.reason instanceof Error ? new QueryFailedError('COMMIT', [], failure.reason) : failure.reason;
  }

  override async commitTransaction(): Promise<void> {
    if (!this.#endUnsent()) await super.commitTransaction();
  }

  override async rollbackTransaction(): Promise<void> {
    if (!this.#endUnsent()) await super.rollbackTransaction();
  }

  async #connect(): Promise<PreparingConnection> {
    return PreparingConnection.of(clientSchema.parse(await super.connect()));
  }

  /** Sends at once what the database has to know before the next statement, so that whatever is given meanwhile comes after it. @returns the answers to it. */
  #tell(connection: PreparingConnection): Array<Promise<unknown>> {
    const answers: Array<Promise<unknown>> = [];
    if (this.#opening !== undefined) {
      answers.push(connection.query(this.#opening));
      this.#opening = undefined;
    }
    for (const { scope, text, values } of this.#later.splice(0)) answers.push(...this.#turnTo(connection, scope), connection.query(text, values));
    answers.push(...this.#turnTo(connection, this.scope));
    return answers;
  }

  #turnTo(connection: PreparingConnection, scope: Scope): Array<Promise<unknown>> {
    if (scope === this.#toldScope) return [];
    this.#toldScope = scope;
    return [connection.query(turn, scope === allTenants ? ['', 'system'] : [scope, ''])];
  }

  /** Of what ends nobody asks whose it was. @returns whether nothing of the transaction was sent. */
  #endUnsent(): boolean {
    this.scope = this.#toldScope;
    this.#later.length = 0;
    if (this.#opening === undefined) return false;
    this.#opening = undefined;
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    return true;
  }
}
