/** Messages that come so soon after others are many: what follows is gathered. */
const quickMs = 200;
/** How long messages are gathered while many come, counted from those before; it is added to their way at most. */
const gatherMs = 40;
/** The same in a service that none of them has concerned for a while. */
const unconcernedGatherMs = 250;
const unconcernedAfterMs = 5_000;

/**
 * When a consumer asks for more. To ask costs Kafka and this process the same whether it brings one message or a hundred, and more
 * with each partition that is asked for; so that while messages come quickly, a short rest leaves the machine to the work that they
 * make. One that comes alone is taken at once.
 */
export class ConsumePace {
  readonly #nowMs: () => number;
  #underWay = 0;
  #beganMs = Number.NEGATIVE_INFINITY;
  #isQuick = false;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A partition's messages have come. */
  begin(): void {
    this.#underWay += 1;
    if (this.#underWay > 1) return;
    const nowMs = this.#nowMs();
    this.#isQuick = nowMs - this.#beganMs <= quickMs + unconcernedGatherMs;
    this.#beganMs = nowMs;
  }

  /**
   * They have come to their end.
   * @param concernedMs when a message came last that concerned the service, by the same clock
   * @returns for how long to rest before more is asked for, in milliseconds
   */
  end(concernedMs: number): number {
    this.#underWay -= 1;
    if (!this.#isQuick) return 0;
    const nowMs = this.#nowMs();
    const restsMs = nowMs - concernedMs > unconcernedAfterMs ? unconcernedGatherMs : gatherMs;
    return Math.max(0, this.#beganMs + restsMs - nowMs);
  }
}
