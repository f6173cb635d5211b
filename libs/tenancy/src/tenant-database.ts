import type { DataSource, EntityManager } from 'typeorm';
import { SystemSession } from './system-session.ts';

const afterCommitCallbacks = new WeakMap<EntityManager, Array<() => void>>();

/** The only way to tenants' rows: each transaction says whose it is, and row-level security holds it to that. */
export class TenantDatabase {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Runs `work` in one transaction that sees and writes this tenant's rows only. */
  transaction<Result>(tenantId: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#transaction(async (manager) => {
      await enterTenant(manager, tenantId);
      return work(manager);
    });
  }

  /** Runs `work` in one transaction across tenants. It reaches infrastructure tables only; domain tables stay closed. */
  systemTransaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#transaction(async (manager) => {
      await manager.query(`SELECT set_config('crossdock.scope', 'system', true)`);
      return work(manager);
    });
  }

  /**
   * Runs one statement by itself, without a tenant or the system scope: for the machinery's tables that no policy closes.
   * Of any other it sees and changes no row. @returns the rows of a SELECT or RETURNING.
   */
  queryOutsideTenants<Row>(statement: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#dataSource.query<Row[]>(statement, [...values]);
  }

  /** A connection of the caller's own that is kept in the system scope; the caller closes it. */
  systemSession(): Promise<SystemSession> {
    return SystemSession.open(this.#dataSource);
  }

  async #transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    let transactionManager: EntityManager | undefined;
    const result = await this.#dataSource.transaction((manager) => {
      transactionManager = manager;
      afterCommitCallbacks.set(manager, []);
      return work(manager);
    });
    const callbacks = transactionManager ? afterCommitCallbacks.get(transactionManager) : undefined;
    for (const callback of callbacks ?? []) callback();
    return result;
  }
}

/** Turns a running transaction to a tenant, until it ends or turns to another. */
async function enterTenant(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT set_config('crossdock.tenant_id', $1, true)`, [tenantId]);
}

/** Calls back once the transaction of `manager` has committed; never where it rolls back. */
export function afterCommit(manager: EntityManager, callback: () => void): void {
  const callbacks = afterCommitCallbacks.get(manager);
  if (!callbacks) throw new Error('afterCommit needs the manager of a running TenantDatabase transaction.');
  callbacks.push(callback);
}

/**
 * Narrows a system transaction to one tenant for the time of `work`, so that this runs under the same walls as a
 * transaction of the tenant's own; afterwards the transaction has the system scope again.
 */
export async function narrowToTenant<Result>(manager: EntityManager, tenantId: string, work: () => Promise<Result>): Promise<Result> {
  await turnToTenant(manager, tenantId);
  const result = await work();
  await manager.query(`SELECT set_config('crossdock.tenant_id', '', true), set_config('crossdock.scope', 'system', true)`);
  return result;
}

/** Narrows a system transaction to one tenant, until it ends or turns to another. */
export async function turnToTenant(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT set_config('crossdock.scope', '', true), set_config('crossdock.tenant_id', $1, true)`, [tenantId]);
}
