import { AsyncLocalStorage } from 'node:async_hooks';

export interface GroupCommitOptions<Item, Result> {
  /** Commits items together, all of them or none. @returns a result for each, in the order given. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How much an item adds to its group. */
  readonly sizeOf: (item: Item) => number;
  /** How large a group may be; an item that is larger by itself has a group of its own. */
  readonly largestGroup: () => number;
  /** Groups that may be under way at once. */
  readonly concurrency: number;
  /** Whether a failure is of the ground that all items stand on: then none is tried alone. */
  readonly concernsAll: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Items that come in one turn of the event loop, or while a commit is under way, share the next one, and each is answered after its own: the fixed
 * costs of a commit are paid once for many. Where a group fails, its items are tried one by one, so that none suffers for another.
 * Commits run in the context in which this was made: whoever came first has no more to do with them, or with those after, than the others.
 */
export class GroupCommit<Item, Result> {
  readonly #asNobody = AsyncLocalStorage.snapshot();
  readonly #options: GroupCommitOptions<Item, Result>;
  #waiting: Array<Waiting<Item, Result>> = [];
  #underWay = 0;
  #isBeginning = false;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves with what became of the item once it is committed; rejects with its own failure, or that of all. */
  commit(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ item, resolve, reject });
    if (!this.#isBeginning && this.#underWay < this.#options.concurrency) {
      this.#isBeginning = true;
      setImmediate(() => this.#asNobody(() => this.#begin()));
    }
    return promise;
  }

  #begin(): void {
    this.#isBeginning = false;
    while (this.#waiting.length > 0 && this.#underWay < this.#options.concurrency) void this.#commitAll();
  }

  async #commitAll(): Promise<void> {
    this.#underWay += 1;
    while (this.#waiting.length > 0) await this.#commitGroup(this.#nextGroup());
    this.#underWay -= 1;
  }

  #nextGroup(): ReadonlyArray<Waiting<Item, Result>> {
    const largest = this.#options.largestGroup();
    let size = 0;
    const end = this.#waiting.findIndex(({ item }, position) => {
      size += this.#options.sizeOf(item);
      return position > 0 && size > largest;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commitGroup(group: ReadonlyArray<Waiting<Item, Result>>): Promise<void> {
    try {
      const results = await this.#options.commit(group.map(({ item }) => item));
      for (const [position, { resolve, reject }] of group.entries()) {
        const result = results[position];
        if (result === undefined) reject(new Error('A commit told nothing of one of its items.'));
        else resolve(result);
      }
    } catch (error) {
      if (group.length === 1 || this.#options.concernsAll(error)) return group.forEach(({ reject }) => reject(error));
      for (const single of group) await this.#commitGroup([single]);
    }
  }
}
