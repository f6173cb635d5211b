/** Notices that nothing has moved for too long, where the one who should say so says nothing. */
export class StallWatch {
  readonly #stallMs: number;
  readonly #isBusy: () => boolean;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;
  #movedAtMs = 0;

  /** @param isBusy whether something is under way that is allowed to take its time. */
  constructor({ stallMs, isBusy, onStall }: { readonly stallMs: number; readonly isBusy: () => boolean; readonly onStall: () => void }) {
    this.#stallMs = stallMs;
    this.#isBusy = isBusy;
    this.#onStall = onStall;
  }

  start(): void {
    this.moved();
    this.#timer = setInterval(() => this.#check(), this.#stallMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** @param graceMs what comes next may take so much longer than the limit. */
  moved(graceMs = 0): void {
    this.#movedAtMs = performance.now() + graceMs;
  }

  #check(): void {
    if (this.#isBusy() || performance.now() - this.#movedAtMs < this.#stallMs) return;
    this.moved();
    this.#onStall();
  }
}
