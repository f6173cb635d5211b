import type { EntityManager } from 'typeorm';
import { allTenants, OpenTransaction, type LastRows, type Scope, type Statement, type WaitingRows } from './open-transaction.ts';

interface Gathered<Row> {
  readonly tenantId: string;
  readonly row: Row;
}

/** A transaction that writes more than so many does so in several statements, and has no more of them in memory. */
const mostGathered = 500;

/**
 * Rows of a table of the machinery that a transaction writes by one statement just before it commits, in the order in which they were added, of whatever tenants.
 * Where that fails, the transaction fails. For rows that nobody in the transaction reads, or who calls `writeNow` first. Rows of a tenant's own tables
 * can be gathered in a transaction of that tenant; one across tenants may not write them.
 */
export class GatheredRows<Row> implements WaitingRows {
  readonly #writeRows: (manager: EntityManager, rows: readonly Row[]) => Promise<void>;
  readonly #gathered = new WeakMap<EntityManager, Array<Gathered<Row>>>();

  /** @param writeRows by one statement; the transaction is of their tenant, or has the system scope. */
  constructor(writeRows: (manager: EntityManager, rows: readonly Row[]) => Promise<void>) {
    this.#writeRows = writeRows;
  }

  /** @throws Error where the transaction is not of this tenant, nor of all. */
  async add(manager: EntityManager, tenantId: string, rows: readonly Row[]): Promise<void> {
    const open = OpenTransaction.of(manager);
    // Row-level security would see to it, were they written at once.
    if (open.scope !== allTenants && open.scope !== tenantId) throw new Error('A transaction of one tenant writes no rows of another.');
    const gathered = this.#gathered.get(manager) ?? [];
    gathered.push(...rows.map((row) => ({ tenantId, row })));
    this.#gathered.set(manager, gathered);
    this.awaitCommit(open);
    if (gathered.length >= mostGathered) await this.writeNow(manager);
  }

  /** Writes now what was added for whom the transaction is of, for a statement that is to see it. */
  async writeNow(manager: EntityManager): Promise<void> {
    await this.write(manager, OpenTransaction.of(manager).scope);
  }

  tenantsOf(manager: EntityManager): Iterable<string> {
    return (this.#gathered.get(manager) ?? []).map(({ tenantId }) => tenantId);
  }

  async write(manager: EntityManager, scope: Scope): Promise<void> {
    const due = this.takeDue(manager, scope);
    if (due.length > 0) await this.#writeRows(manager, due);
  }

  /** Has the transaction write what was gathered. */
  protected awaitCommit(open: OpenTransaction): void {
    open.beforeCommit(this);
  }

  /** @returns the rows that the scope covers, which are gathered no longer. */
  protected takeDue(manager: EntityManager, scope: Scope): Row[] {
    const { true: due = [], false: rest = [] } = Object.groupBy(this.#gathered.get(manager) ?? [], ({ tenantId }) =>
      (scope === allTenants || tenantId === scope ? 'true' : 'false'));
    this.#gathered.set(manager, rest);
    return due.map(({ row }) => row);
  }
}

/** Gathered rows whose writing gathers nothing more: their statement goes to the database in one message with the commit. */
export class GatheredInserts<Row> extends GatheredRows<Row> implements LastRows {
  readonly #statementOf: (manager: EntityManager, rows: readonly Row[]) => Statement;

  /** @param statementOf what writes rows; the transaction is of their tenant, or has the system scope. Nobody hears of what it answers. */
  constructor(statementOf: (manager: EntityManager, rows: readonly Row[]) => Statement) {
    super(async (manager, rows) => {
      const { text, values } = statementOf(manager, rows);
      await manager.query(text, [...values]);
    });
    this.#statementOf = statementOf;
  }

  takeStatement(manager: EntityManager, scope: Scope): Statement | undefined {
    const due = this.takeDue(manager, scope);
    return due.length > 0 ? this.#statementOf(manager, due) : undefined;
  }

  protected override awaitCommit(open: OpenTransaction): void {
    open.withCommit(this);
  }
}
