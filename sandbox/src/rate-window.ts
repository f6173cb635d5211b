export interface RateLimit {
  max: number;
  intervalMs: number;
}

/** Counts calls in a sliding window; `take` says whether one more fits and how many would be left. */
export class RateWindow {
  readonly limit: RateLimit;
  private readonly takenAtMs: number[] = [];

  constructor(limit: RateLimit) {
    this.limit = limit;
  }

  take(nowMs: number): { allowed: boolean; remaining: number } {
    const opensAtMs = nowMs - this.limit.intervalMs;
    while (this.takenAtMs[0] !== undefined && this.takenAtMs[0] <= opensAtMs) this.takenAtMs.shift();
    if (this.takenAtMs.length >= this.limit.max) return { allowed: false, remaining: 0 };
    this.takenAtMs.push(nowMs);
    return { allowed: true, remaining: this.limit.max - this.takenAtMs.length };
  }
}
