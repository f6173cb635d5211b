/**
 * How many streams are open at a time. A browser opens six connections to a host that speaks HTTP/1.1; streams take a part of them, so that calls get through. Who waits
 * for a slot is told nothing until then, and reads by and by all the same.
 */
export class StreamSlots {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  /** Waits for a slot. @returns what gives it back; undefined where the signal came first. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free === 0) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const goOn = (): void => resolve(undefined);
      this.#waiting.push(goOn);
      signal.addEventListener('abort', goOn, { once: true });
      await promise;
      signal.removeEventListener('abort', goOn);
      const place = this.#waiting.indexOf(goOn);
      // Still among those who wait: no slot was handed over, it was given up.
      if (place >= 0) {
        this.#waiting.splice(place, 1);
        return undefined;
      }
    } else {
      this.#free -= 1;
    }
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }
}
