import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const lookEveryMs = 10_000;
/** Of the time between two looks: less than this, and the process is at rest. */
const restingShare = 0.1;
/** Less than this, and nobody wants anything of it. */
const idleShare = 0.05;
/** What a process has compiled for its work is kept for so long after it. */
const usualCodeKeptMs = 300_000;
/** So much more than was left the last time is worth a collection. */
const worthwhileGrowth = 1.2;
/** Collecting takes no larger part of the time than one in so many: a service with a little work all the time is never busy, and grows so much between two looks. */
const timeBetweenPerCollection = 300;

/** `last-resort` gives back whatever can be had, compiled code among it, so that what follows is slow until it is compiled anew; `regular` gives back garbage. */
type Flavor = 'last-resort' | 'regular';

/**
 * Gives back what a start, or a burst of work, made V8 take. By itself V8 collects when it allocates, which a process at rest hardly does: it would stay as large as it once was. A limit of the heap would keep it
 * small as well, and halve what a busy gateway takes in. A collection of this kind stops the process for one or two tenths of a second, so it is done at rest alone, and again after a time that its cost follows from.
 * What was compiled goes after the start, whose code is of no more use, and where nobody has wanted anything for a while: a burst of work that follows another one would take half as much time again without it.
 */
export class HeapAtRest {
  readonly #collect: (flavor: Flavor) => void;
  readonly #everyMs: number;
  readonly #codeKeptMs: number;
  #timer: NodeJS.Timeout | undefined;
  #seen = performance.eventLoopUtilization();
  #leftBytes = 0;
  #restsUntilMs = 0;
  /** When it worked last, its start left out. */
  #workedAtMs = Number.NEGATIVE_INFINITY;
  #keepsCode = false;

  /** @param collect collects all garbage and returns empty pages to the system; by default what Node offers under `--expose-gc`, without which nothing is done. */
  constructor(collect = exposedCollector(), { everyMs, codeKeptMs } = { everyMs: lookEveryMs, codeKeptMs: usualCodeKeptMs }) {
    this.#collect = collect;
    this.#everyMs = everyMs;
    this.#codeKeptMs = codeKeptMs;
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
    if (utilization > idleShare && this.#leftBytes > 0) this.#workedAtMs = beganMs;
    const keepsCode = beganMs - this.#workedAtMs < this.#codeKeptMs;
    const isWorthwhile = heapBytes() >= worthwhileGrowth * this.#leftBytes || (this.#keepsCode && !keepsCode);
    if (utilization > restingShare || beganMs < this.#restsUntilMs || !isWorthwhile) return;
    this.#collect(keepsCode ? 'regular' : 'last-resort');
    const endedMs = performance.now();
    this.#keepsCode = keepsCode;
    this.#leftBytes = heapBytes();
    this.#restsUntilMs = endedMs + timeBetweenPerCollection * (endedMs - beganMs);
  }
}

function heapBytes(): number {
  return getHeapStatistics().total_heap_size;
}

function exposedCollector(): (flavor: Flavor) => void {
  const { gc } = globalThis;
  return (flavor) => gc?.({ type: 'major', execution: 'sync', flavor });
}
