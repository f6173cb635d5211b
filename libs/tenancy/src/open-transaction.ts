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

/** A statement whose values the driver cannot fail to write down: what is sent behind it does not wait to hear that it was sent. */
export interface Statement {
  readonly text: string;
  readonly values: ReadonlyArray<string | Buffer | ReadonlyArray<string | boolean | Date | null>>;
}

/** What waits to be written and makes nothing else wait. */
export interface LastRows extends Pick<WaitingRows, 'tenantsOf'> {
  /** What writes those that the scope covers, which wait no longer; undefined where there are none. */
  takeStatement(manager: EntityManager, scope: Scope): Statement | undefined;
}

/** What runs the statements of a transaction, each for whom it is of at that moment. */
interface ScopedRunner {
  readonly manager: EntityManager;
  scope: Scope;
  later(statement: Statement): void;
}

/** What a transaction of `TenantDatabase` has still to do before and after it commits. */
export class OpenTransaction {
  static readonly #known = new WeakMap<EntityManager, OpenTransaction>();
  readonly #runner: ScopedRunner;
  readonly #waiting = new Set<WaitingRows>();
  readonly #last = new Set<LastRows>();
  readonly #callbacks: Array<() => void> = [];

  constructor(runner: ScopedRunner) {
    this.#runner = runner;
    OpenTransaction.#known.set(runner.manager, this);
  }

  /** @throws Error where the manager is not of a transaction of `TenantDatabase`. */
  static of(manager: EntityManager): OpenTransaction {
    const open = OpenTransaction.#known.get(manager);
    if (!open) throw new Error('This needs the manager of a running TenantDatabase transaction.');
    return open;
  }

  /** Whose rows the transaction sees and writes from its next statement on. */
  get scope(): Scope {
    return this.#runner.scope;
  }

  set scope(scope: Scope) {
    this.#runner.scope = scope;
  }

  /** Has a statement run for whom the transaction is of now, in one message with the next one, or with the commit. */
  later(statement: Statement): void {
    this.#runner.later(statement);
  }

  /** Has rows written before the transaction commits. */
  beforeCommit(rows: WaitingRows): void {
    this.#waiting.add(rows);
  }

  /** Has rows written in one message with the commit. */
  withCommit(rows: LastRows): void {
    this.#last.add(rows);
  }

  /** Calls back once the transaction has committed. */
  afterCommit(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  /** Writes what waits, of all tenants, and what comes to wait by that. */
  async writeAll(): Promise<void> {
    const { manager } = this.#runner;
    this.#widenTo(this.#waiting);
    // A Set that is gone through comes to what is put into it meanwhile, also to what was taken out and put in again.
    for (const rows of this.#waiting) {
      this.#waiting.delete(rows);
      await rows.write(manager, this.scope);
    }
  }

  /** Writes now what would be written before or with the commit; the transaction is of whom it was of afterwards. */
  async writeNow(): Promise<void> {
    const { scope } = this;
    await this.writeAll();
    for (const { text, values } of this.takeLast()) await this.#runner.manager.query(text, [...values]);
    this.scope = scope;
  }

  /** What is left to be written with the commit, of all tenants. */
  takeLast(): Statement[] {
    this.#widenTo(this.#last);
    return [...this.#last].flatMap((rows) => rows.takeStatement(this.#runner.manager, this.scope) ?? []);
  }

  /** Gives the transaction the scope in which all of these rows can be written. */
  #widenTo(waiting: ReadonlySet<Pick<WaitingRows, 'tenantsOf'>>): void {
    const { manager } = this.#runner;
    const isOfOthers = [...waiting].some((rows) => [...rows.tenantsOf(manager)].some((tenantId) => this.scope !== allTenants && tenantId !== this.scope));
    if (isOfOthers) this.scope = allTenants;
  }

  /** Tells those who wait for the commit. */
  committed(): void {
    for (const callback of this.#callbacks) callback();
  }
}
