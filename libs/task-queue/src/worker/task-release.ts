import { mostReleased, type TaskStore } from '../store/task-store.ts';

const waitingEveryMs = 100;
/** Less often: it reads all running tasks, and a lease takes seconds to run out anyway. */
const orphanedEveryMs = 1_000;

/** Puts back what may run again: tasks whose pause is over, and those of dead workers. Lanes share it and call it each round. */
export class TaskRelease {
  readonly #store: Pick<TaskStore, 'releaseWaiting' | 'releaseOrphaned'>;
  #waitingDueMs = 0;
  #orphanedDueMs = 0;
  #underWay: Promise<void> = Promise.resolve();

  constructor(store: Pick<TaskStore, 'releaseWaiting' | 'releaseOrphaned'>) {
    this.#store = store;
  }

  /** Does what is due; a lane that comes meanwhile waits for the same answer. */
  async nowAndThen(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs >= this.#waitingDueMs) {
      this.#waitingDueMs = nowMs + waitingEveryMs;
      this.#underWay = this.#release(nowMs);
    }
    await this.#underWay;
  }

  async #release(nowMs: number): Promise<void> {
    if (await this.#store.releaseWaiting() === mostReleased) this.#waitingDueMs = 0;
    if (nowMs < this.#orphanedDueMs) return;
    this.#orphanedDueMs = nowMs + orphanedEveryMs;
    if (await this.#store.releaseOrphaned() === mostReleased) this.#orphanedDueMs = 0;
  }
}
