/** What the load generator is asked to send. */
export interface LoadPlan {
  readonly port: number;
  /** Requests go to these in turn. */
  readonly paths: readonly string[];
  readonly secret: string;
  readonly connections: number;
  /** Requests are signed before the clock starts; this many at most are sent. */
  readonly requests: number;
  /** The orders' numbers begin here; each is used once. */
  readonly firstId: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Answered 200. */
  readonly accepted: number;
  /** Answered otherwise, by status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the generator itself, to see that it is not what limits the rate. */
  readonly cpuSeconds: number;
}
