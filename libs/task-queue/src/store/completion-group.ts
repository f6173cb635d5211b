import type { TaskStore } from './task-store.ts';
import { LeaseLostError, type TaskRow } from './task-row.ts';

interface Waiting {
  readonly row: TaskRow;
  readonly resolve: (ended: undefined) => void;
  readonly reject: (error: unknown) => void;
}

const mostTogether = 1_000;

/**
 * Ends tasks that have no effect to write: those that end while one commit is under way share the next one, and each hears
 * of its own end only after the commit.
 */
export class CompletionGroup {
  readonly #store: Pick<TaskStore, 'completeAll'>;
  #waiting: Waiting[] = [];
  #isCommitting = false;

  constructor(store: Pick<TaskStore, 'completeAll'>) {
    this.#store = store;
  }

  /** @throws LeaseLostError where another worker has the task. */
  complete(row: TaskRow): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#waiting.push({ row, resolve, reject });
    if (!this.#isCommitting) {
      this.#isCommitting = true;
      // What ends in this same turn of the event loop goes along.
      setImmediate(() => void this.#commitAll());
    }
    return promise;
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, mostTogether));
    this.#isCommitting = false;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const ended = await this.#store.completeAll(group.map(({ row }) => row));
      for (const { row, resolve, reject } of group) {
        if (ended.has(row.id)) resolve(undefined);
        else reject(new LeaseLostError(row));
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
