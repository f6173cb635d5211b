import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const lookEveryMs = 10_000;
/** Of the time between two looks: less than this, and the process is at rest. */
const restingShare = 0.1;
/** So much more than was left the last time is worth a collection. */
const worthwhileGrowth = 1.2;
/** Collecting takes no larger part of the time than one in so many: a service with a little work all the time is never busy, and grows so much between two looks. */
const timeBetweenPerCollection = 300;

/**
 * Gives back what a start, or a burst of work, made V8 take. By itself V8 collects when it allocates, which a process at rest hardly does: it would stay as large as it once was. A limit of the heap would keep it
 * small as well, and halve what a busy gateway takes in. A collection of this kind stops the process for one or two tenths of a second, so it is done at rest alone, and again after a time that its cost follows from.
 */
export class HeapAtRest {
  readonly #collect: () => void;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #seen = performance.eventLoopUtilization();
  #leftBytes = 0;
  #restsUntilMs = 0;

  /** @param collect collects all garbage and returns empty pages to the system; by default what Node offers under `--expose-gc`, without which nothing is done. */
  constructor(collect = exposedCollector(), everyMs = lookEveryMs) {
    this.#collect = collect;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { utilization } = performance.eventLoopUtilization(this.#seen);
    this.#seen = performance.eventLoopUtilization();
    const beganMs = performance.now();
    if (utilization > restingShare || beganMs < this.#restsUntilMs || heapBytes() < worthwhileGrowth * this.#leftBytes) return;
    this.#collect();
    const endedMs = performance.now();
    this.#leftBytes = heapBytes();
    this.#restsUntilMs = endedMs + timeBetweenPerCollection * (endedMs - beganMs);
  }
}

function heapBytes(): number {
  return getHeapStatistics().total_heap_size;
}

function exposedCollector(): () => void {
  const { gc } = globalThis;
  return () => gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
