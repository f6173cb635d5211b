import { Readable } from 'node:stream';

/** What becomes of a listener who does not take what it is told. */
export interface SlowListening {
  /** For how long something may wait for the listener to take it. */
  readonly mostMs: number;
  /** Said then in place of everything that would have followed; whoever begins to read again still hears it. */
  readonly lastWord: string;
  readonly onCutOff: () => void;
}

/**
 * Server-sent events for one listener. The next one is asked for once the one before was taken, so that one of them at most waits here for a slow listener,
 * beside what its connection holds. Who takes nothing for `mostMs` is told `lastWord`, and nothing is asked for any more; where not even that is
 * taken, the server’s own limit on silent connections (`http-limits.ts`) closes the connection.
 */
export class EventStream extends Readable {
  readonly #events: AsyncGenerator<string, unknown>;
  readonly #slow: SlowListening;
  #patience: NodeJS.Timeout | undefined;
  #isCutOff = false;

  constructor(events: AsyncGenerator<string, unknown>, slow: SlowListening) {
    super({ highWaterMark: 1 });
    this.#events = events;
    this.#slow = slow;
  }

  /** The one before was taken. */
  override _read(): void {
    clearTimeout(this.#patience);
    if (!this.#isCutOff) void this.#tellNext();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#patience);
    this.#endEvents();
    done(error);
  }

  async #tellNext(): Promise<void> {
    try {
      const next = await this.#events.next();
      if (this.destroyed) return;
      if (next.done === true) {
        this.push(null);
        return;
      }
      this.#patience = setTimeout(() => {
        this.#cutOff();
      }, this.#slow.mostMs);
      this.push(next.value);
    } catch (thrown) {
      this.destroy(thrown instanceof Error ? thrown : new Error('The events ended by something that is no error.', { cause: thrown }));
    }
  }

  #cutOff(): void {
    this.#isCutOff = true;
    this.#endEvents();
    this.#slow.onCutOff();
    this.push(this.#slow.lastWord);
    this.push(null);
  }

  /** Has the generator clear up; one that is at work ends with its next word. */
  #endEvents(): void {
    void this.#events.return(undefined).catch(() => undefined);
  }
}
