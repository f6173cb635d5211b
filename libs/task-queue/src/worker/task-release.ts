import { mostReleased, type TaskStore } from '../store/task-store.ts';

const waitingEveryMs = 100;
/** Less often: it reads all running tasks, and a lease takes seconds to run out anyway. */
const orphanedEveryMs = 1_000;

/** Puts back what may run again: tasks whose pause is over, and those of dead workers. Lanes share it and call it each round. */
export class TaskRelease {
  readonly #store: Pick<TaskStore, 'releaseWaiting' | 'releaseOrphaned'>;
  readonly #onReleased: () => void;
  #waitingDueMs = 0;
  #orphanedDueMs = 0;
  #underWay: Promise<boolean> = Promise.resolve(false);

  /** @param onReleased called when tasks have become ready; they may be of any lane. */
  constructor(store: Pick<TaskStore, 'releaseWaiting' | 'releaseOrphaned'>, onReleased: () => void) {
    this.#store = store;
    this.#onReleased = onReleased;
  }

  /**
   * Does what is due; a lane that comes meanwhile waits for it.
   * @returns whether any task is ready, where that was looked at for this lane; what another lane's look saw may be older than what woke this one.
   */
  async nowAndThen(): Promise<boolean | undefined> {
    const nowMs = performance.now();
    if (nowMs < this.#waitingDueMs) {
      await this.#underWay;
      return undefined;
    }
    this.#waitingDueMs = nowMs + waitingEveryMs;
    this.#underWay = this.#release(nowMs);
    return this.#underWay;
  }

  async #release(nowMs: number): Promise<boolean> {
    const orphaned = nowMs < this.#orphanedDueMs ? 0 : await this.#releaseOrphaned(nowMs);
    const { released, hasReady } = await this.#store.releaseWaiting();
    if (released === mostReleased) this.#waitingDueMs = 0;
    if (orphaned + released > 0) this.#onReleased();
    return hasReady;
  }

  async #releaseOrphaned(nowMs: number): Promise<number> {
    this.#orphanedDueMs = nowMs + orphanedEveryMs;
    const orphaned = await this.#store.releaseOrphaned();
    if (orphaned === mostReleased) this.#orphanedDueMs = 0;
    return orphaned;
  }
}
