/** Messages that come so soon after others are many: what follows is gathered. */
const quickMs = 600;
/** How long messages are gathered while many come, counted from those before, unless the service says otherwise. */
export const usualGatherMs = 40;
/** The same in a service that none of them has concerned for a while. */
const unconcernedGatherMs = 250;
const unconcernedAfterMs = 5_000;
/** Work is followed by a rest of so many times its length: where it takes long, the machine is busy, and more at once costs less. */
const restsPerWork = 2;
/** What a rest adds to a message's way at most. */
const longestRestMs = 300;

/**
 * When a consumer asks for more. To ask costs Kafka and this process the same whether it brings one message or a hundred, more
 * with each partition that is asked for, and so does a transaction; so that while messages come quickly, a rest leaves the machine to the
 * work that they make, and lets the next be more. One that comes alone is taken at once, and so is what waits already.
 */
export class ConsumePace {
  readonly #gatherMs: number;
  readonly #unconcernedGatherMs: number;
  readonly #nowMs: () => number;
  #underWay = 0;
  #beganMs = Number.NEGATIVE_INFINITY;
  #isQuick = false;
  #isBehind = false;

  constructor(gatherMs: number = usualGatherMs, nowMs: () => number = () => performance.now()) {
    this.#gatherMs = gatherMs;
    this.#unconcernedGatherMs = Math.max(gatherMs, unconcernedGatherMs);
    this.#nowMs = nowMs;
  }

  /**
   * A partition's messages have come.
   * @param isBehind whether more waits in it than has come
   */
  begin(isBehind: boolean): void {
    this.#underWay += 1;
    if (this.#underWay > 1) {
      this.#isBehind ||= isBehind;
      return;
    }
    const nowMs = this.#nowMs();
    this.#isQuick = nowMs - this.#beganMs <= quickMs + this.#unconcernedGatherMs;
    this.#isBehind = isBehind;
    this.#beganMs = nowMs;
  }

  /**
   * They have come to their end.
   * @param concernedMs when a message came last that concerned the service, by the same clock
   * @returns for how long to rest before more is asked for, in milliseconds
   */
  end(concernedMs: number): number {
    this.#underWay -= 1;
    if (!this.#isQuick || this.#isBehind) return 0;
    const nowMs = this.#nowMs();
    const workMs = nowMs - this.#beganMs;
    const gathersMs = nowMs - concernedMs > unconcernedAfterMs ? this.#unconcernedGatherMs : this.#gatherMs;
    return Math.max(gathersMs - workMs, Math.min(longestRestMs, restsPerWork * workMs));
  }
}
