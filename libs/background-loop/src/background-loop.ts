/** What a round tells: there is more to do at once, or nothing at present. */
export type RoundResult = 'busy' | 'idle';

export interface LoopOptions {
  readonly round: () => Promise<RoundResult>;
  readonly onFault: (error: unknown) => Promise<void>;
  /** Pause after an idle round, unless woken. */
  readonly idleMs: number | (() => number);
  readonly faultPauseMs: number;
}

/**
 * Runs rounds one after the other until stopped: at once while busy, when woken, else after a pause. A wake-up during
 * a round is not lost. A fault never ends the loop.
 */
export class BackgroundLoop {
  readonly #options: LoopOptions;
  #stopping = false;
  #woken = false;
  #endPause: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#endPause?.();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endPause?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      let pauseMs: number;
      try {
        if (await this.#options.round() === 'busy') continue;
        const { idleMs } = this.#options;
        pauseMs = typeof idleMs === 'number' ? idleMs : idleMs();
      } catch (error) {
        await this.#options.onFault(error);
        pauseMs = this.#options.faultPauseMs;
        this.#woken = false;
      }
      await this.#pause(pauseMs);
    }
  }

  async #pause(durationMs: number): Promise<void> {
    if (this.#woken || this.#stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = undefined;
  }
}
