import type { DataSource, EntityManager } from 'typeorm';
import { allTenants, OpenTransaction, type Scope, type Statement } from './open-transaction.ts';
import { SystemSession } from './system-session.ts';
import { runInSystemScope, systemScope } from './system-statements.ts';
import { TransactionRunner } from './transaction-runner.ts';

const tenantIdPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The only way to tenants' rows: each transaction says whose it is, and row-level security holds it to that. */
export class TenantDatabase {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Runs `work` in one transaction that sees and writes this tenant's rows only. */
  async transaction<Result>(tenantId: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#transaction({ scope: tenantId, opening: enterTenant(tenantId) }, work);
  }

  /**
   * Runs `work` in one transaction across tenants. It reaches infrastructure tables only; domain tables stay closed.
   * @param opening statements without parameters that run before its first one, in the message that begins the transaction.
   */
  systemTransaction<Result>(work: (manager: EntityManager) => Promise<Result>, opening = ''): Promise<Result> {
    return this.#transaction({ scope: allTenants, opening: `${systemScope}; ${opening}` }, work);
  }

  /**
   * Runs one statement by itself, without a tenant or the system scope: for the machinery's tables that no policy closes.
   * Of any other it sees and changes no row. @returns the rows of a SELECT or RETURNING.
   */
  queryOutsideTenants<Row>(statement: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#dataSource.query<Row[]>(statement, [...values]);
  }

  /**
   * Runs statements without parameters in the system scope, as one transaction and in one message to the database.
   * @returns the rows of the last one: of a SELECT, or of RETURNING.
   */
  runInSystemScope(statements: string): Promise<unknown[]> {
    return runInSystemScope(this.#dataSource, statements);
  }

  /** A connection of the caller's own that is kept in the system scope; the caller closes it. */
  systemSession(): Promise<SystemSession> {
    return SystemSession.open(this.#dataSource);
  }

  async #transaction<Result>({ scope, opening }: { readonly scope: Scope; readonly opening: string }, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const runner = TransactionRunner.of(this.#dataSource, scope);
    const open = new OpenTransaction(runner);
    runner.begin(opening);
    try {
      const result = await work(runner.manager);
      await open.writeAll();
      await runner.commitWith(open.takeLast());
      open.committed();
      return result;
    } catch (error) {
      // What failed first tells more than that it could not be rolled back either.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** @throws Error where it is no tenant's id: it becomes part of a statement. */
function enterTenant(tenantId: string): string {
  if (!tenantIdPattern.test(tenantId)) throw new Error(`"${tenantId}" is not a tenant’s id.`);
  return `SELECT set_config('crossdock.tenant_id', '${tenantId}', true)`;
}

/** Calls back once the transaction of `manager` has committed; never where it rolls back. */
export function afterCommit(manager: EntityManager, callback: () => void): void {
  OpenTransaction.of(manager).afterCommit(callback);
}

/**
 * Has a statement run in the transaction of `manager`, for whom it is of now, in one message with its next statement or with its commit: for what nobody waits for,
 * before the transaction turns to another tenant or ends. All that follow see what it did. Where it fails, the transaction does.
 */
export function runLater(manager: EntityManager, statement: Statement): void {
  OpenTransaction.of(manager).later(statement);
}

/** Writes what the transaction of `manager` has gathered so far, for work that is to see all of it: by itself it is written before or with the commit. */
export async function writeGathered(manager: EntityManager): Promise<void> {
  await OpenTransaction.of(manager).writeNow();
}

/**
 * Narrows a system transaction to one tenant for the time of `work`, so that this runs under the same walls as a
 * transaction of the tenant's own; afterwards the transaction has the system scope again.
 */
export async function narrowToTenant<Result>(manager: EntityManager, tenantId: string, work: () => Promise<Result>): Promise<Result> {
  await turnToTenant(manager, tenantId);
  const result = await work();
  OpenTransaction.of(manager).scope = allTenants;
  return result;
}

/** Narrows a system transaction to one tenant, until it ends or turns to another. The database is told before the next statement; where none comes, it need not be. */
export async function turnToTenant(manager: EntityManager, tenantId: string): Promise<void> {
  OpenTransaction.of(manager).scope = tenantId;
}
