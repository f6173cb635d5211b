/** After Redis failed it is left alone for this long; then one call looks whether it is back, and all others go on without it. */
const restMs = 1_000;

/** Whether Redis is asked at all: it is not for a while after it failed, so that calls do not wait for it one after the other. */
export class RedisPresence {
  readonly #probe: () => Promise<void>;
  readonly #now: () => number;
  /** 0 while Redis answers. */
  #restsUntilMs = 0;
  #isProbing = false;

  /** @param probe rejects while Redis is away. */
  constructor(probe: () => Promise<void>, now: () => number) {
    this.#probe = probe;
    this.#now = now;
  }

  get isResting(): boolean {
    return this.#restsUntilMs > 0;
  }

  failed(): void {
    this.#restsUntilMs = this.#now() + restMs;
  }

  /** Looks where the rest is over and nobody else looks. */
  async isThere(): Promise<boolean> {
    if (this.#restsUntilMs === 0) return true;
    if (this.#isProbing || this.#now() < this.#restsUntilMs) return false;
    this.#isProbing = true;
    await this.#probe().then(() => { this.#restsUntilMs = 0; }, () => this.failed());
    this.#isProbing = false;
    return !this.isResting;
  }
}
