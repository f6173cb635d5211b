/**
 * One look that serves several gauges, for their `collect`: however many of them are read at once, it is made once, and
 * not again within `freshMs`. Where it fails, the last figures stand; what it looks at has a check of its own.
 */
export class SampledGauges {
  readonly #look: () => Promise<void>;
  readonly #freshMs: number;
  readonly #now: () => number;
  #looking: Promise<void> | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(look: () => Promise<void>, { freshMs = 0, now = Date.now }: { readonly freshMs?: number; readonly now?: () => number } = {}) {
    this.#look = look;
    this.#freshMs = freshMs;
    this.#now = now;
  }

  readonly sample = (): Promise<void> => {
    if (this.#looking === undefined && this.#now() - this.#lookedAtMs < this.#freshMs) return Promise.resolve();
    this.#looking ??= this.#look().then(() => {
      this.#lookedAtMs = this.#now();
    }, () => undefined).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  };
}
