import type { EntityManager } from 'typeorm';

/** Scope of a transaction that is no one tenant's. */
export const allTenants = Symbol('all tenants');
export type Scope = string | typeof allTenants;

/** What waits to be written. */
export interface WaitingRows {
  /** Whose they are. */
  tenantsOf(manager: EntityManager): Iterable<string>;
  /** Writes those that the scope covers. */
  write(manager: EntityManager, scope: Scope): Promise<void>;
}

/** What a transaction of `TenantDatabase` has still to do before and after it commits. */
export class OpenTransaction {
  static readonly #known = new WeakMap<EntityManager, OpenTransaction>();
  readonly #manager: EntityManager;
  readonly #waiting = new Set<WaitingRows>();
  readonly #callbacks: Array<() => void> = [];
  /** Whose rows the transaction sees and writes now. */
  scope: Scope;

  constructor(manager: EntityManager, scope: Scope) {
    this.#manager = manager;
    this.scope = scope;
    OpenTransaction.#known.set(manager, this);
  }

  /** @throws Error where the manager is not of a transaction of `TenantDatabase`. */
  static of(manager: EntityManager): OpenTransaction {
    const open = OpenTransaction.#known.get(manager);
    if (!open) throw new Error('This needs the manager of a running TenantDatabase transaction.');
    return open;
  }

  /** Has rows written before the transaction commits. */
  beforeCommit(rows: WaitingRows): void {
    this.#waiting.add(rows);
  }

  /** Calls back once the transaction has committed. */
  afterCommit(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  /** Writes what waits, of all tenants, and what comes to wait by that. */
  async writeAll(enterAllTenants: (manager: EntityManager) => Promise<void>): Promise<void> {
    const isOfOthers = [...this.#waiting].some((rows) => [...rows.tenantsOf(this.#manager)].some((tenantId) => this.scope !== allTenants && tenantId !== this.scope));
    if (isOfOthers) await enterAllTenants(this.#manager);
    // A Set that is gone through comes to what is put into it meanwhile, also to what was taken out and put in again.
    for (const rows of this.#waiting) {
      this.#waiting.delete(rows);
      await rows.write(this.#manager, this.scope);
    }
  }

  /** Tells those who wait for the commit. */
  committed(): void {
    for (const callback of this.#callbacks) callback();
  }
}
