import type { DataSource, EntityManager } from 'typeorm';

/** The only way to tenants' rows: each transaction says whose it is, and row-level security holds it to that. */
export class TenantDatabase {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Runs `work` in one transaction that sees and writes this tenant's rows only. */
  transaction<Result>(tenantId: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#dataSource.transaction(async (manager) => {
      await enterTenant(manager, tenantId);
      return work(manager);
    });
  }

  /** Runs `work` in one transaction across tenants. It reaches infrastructure tables only; domain tables stay closed. */
  systemTransaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('crossdock.scope', 'system', true)`);
      return work(manager);
    });
  }
}

/** Turns a running transaction to a tenant, until it ends or turns to another. */
export async function enterTenant(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT set_config('crossdock.tenant_id', $1, true)`, [tenantId]);
}
