import type { TaskRow } from '../store/task-row.ts';

/** A batch that is leased and waits for a place, or runs. */
export interface HeldBatch {
  readonly tenantId: string;
  readonly rows: readonly [TaskRow, ...TaskRow[]];
  /** When its lease was last known to hold, by this process's own monotonic clock. */
  heldAtMs: number;
}

/**
 * The batches that wait in this process for one of its places. One tenant never has all places: beside one whose vendor
 * hangs, others go on.
 */
export class BatchLine {
  readonly #places: number;
  readonly #placesOfOne: number;
  readonly #queued: HeldBatch[] = [];
  readonly #running = new Map<string, number>();
  #runningInAll = 0;

  constructor(places: number) {
    this.#places = places;
    this.#placesOfOne = Math.max(1, Math.floor(places * 0.75));
  }

  get running(): number {
    return this.#runningInAll;
  }

  /** Batches that run or could run as soon as there is a place. */
  get moving(): number {
    return this.#runningInAll + this.#queued.filter(({ tenantId }) => this.#mayRun(tenantId)).length;
  }

  get queued(): readonly HeldBatch[] {
    return this.#queued;
  }

  /** Tenants that use their share and have more waiting here already. */
  get restingTenants(): string[] {
    return [...new Set(this.#queued.map(({ tenantId }) => tenantId))].filter((tenantId) => !this.#mayRun(tenantId));
  }

  add(batches: readonly HeldBatch[]): void {
    this.#queued.push(...batches);
  }

  /** The next batch that may run now; it has its place until `leave`. */
  next(): HeldBatch | undefined {
    if (this.#runningInAll >= this.#places) return undefined;
    const index = this.#queued.findIndex(({ tenantId }) => this.#mayRun(tenantId));
    const [batch] = index < 0 ? [] : this.#queued.splice(index, 1);
    if (!batch) return undefined;
    this.#runningInAll += 1;
    this.#running.set(batch.tenantId, (this.#running.get(batch.tenantId) ?? 0) + 1);
    return batch;
  }

  leave({ tenantId }: HeldBatch): void {
    this.#runningInAll -= 1;
    const left = (this.#running.get(tenantId) ?? 0) - 1;
    if (left > 0) this.#running.set(tenantId, left);
    else this.#running.delete(tenantId);
  }

  /** Takes everything out that waits. */
  empty(): HeldBatch[] {
    return this.#queued.splice(0);
  }

  #mayRun(tenantId: string): boolean {
    return (this.#running.get(tenantId) ?? 0) < this.#placesOfOne;
  }
}
