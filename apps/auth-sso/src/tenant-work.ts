import { randomUUID } from 'node:crypto';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** Work for a tenant that a browser's secret or host names, which no token's guard has set. */
export class TenantWork {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Runs `work` in one transaction of the tenant; events in it get a correlation id of their own, unless one is there. */
  run<Result>(tenantId: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const correlationId = tenantContext.current()?.correlationId ?? randomUUID();
    return tenantContext.run({ tenantId, correlationId }, () => this.#database.transaction(tenantId, work));
  }

  /** One look across tenants, at tables that are open to the system scope. */
  across<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#database.systemTransaction(work);
  }
}
