/** A transaction of many messages should hold its locks no longer than this, or than messages gather before they are taken; how many it takes follows from it. */
const usualMs = 250;
const first = 250;
const smallest = 10;
const largest = 2_000;
/** One quick chunk tells little of the next; the number grows by no more than this at once. */
const fastestGrowth = 4;

/** How many messages a transaction takes at most, which follows from how long those before took. */
export class ChunkSize {
  readonly #longestMs: number;
  #size = first;

  /** @param gatherMs for how long messages gather before they are taken: where nobody waits for them, a transaction may take as long. */
  constructor(gatherMs = 0) {
    this.#longestMs = Math.max(usualMs, gatherMs);
  }

  get most(): number {
    return this.#size;
  }

  /** So many messages took so long. They came of several partitions and seldom were as many as might have been: where they were quick, that speaks for as many, and not against more. */
  took(messages: number, ms: number): void {
    const factor = Math.min(fastestGrowth, this.#longestMs / ms);
    const fitting = Math.min(largest, Math.max(smallest, Math.floor(messages * factor)));
    this.#size = factor < 1 ? fitting : Math.max(this.#size, fitting);
  }
}
