import type { Series } from './series.ts';

/**
 * One result that is held against a goal. A figure named `…-vs-…` or `…-10x-…` is held by its ratio, every other one by its value:
 * above the goal, or below it where lower is better.
 */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured beside it in the same run, in the same unit. */
  readonly baseline?: number;
  /** `value / baseline`, or the median of that over the rounds. */
  readonly ratio?: number;
  readonly goal: number;
  readonly met: boolean;
  readonly lowerIsBetter: boolean;
}

/** What one repetition of one subject came to. */
export interface Measurement {
  /** How many operations were done, and in which time. */
  readonly count: number;
  readonly seconds: number;
  /** Of one operation, where it was timed. */
  readonly latency?: Latency;
  /** Of the process that is measured; left out, it is this one's. */
  readonly usage?: ProcessUsage;
}

/** Milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface ProcessUsage {
  /** Processor time used during the repetition. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** What a benchmark is given. */
export interface BenchContext {
  /** Addresses of PostgreSQL (a role that may create databases), Kafka and Redis; `@crossdock/test-stack` uses the same ones. */
  readonly servers: { readonly databaseAdminUrl: string; readonly kafkaBrokers: string; readonly redisUrl: string };
  /** At least three. */
  readonly repetitions: number;
  /** How long one repetition of one subject should take. */
  readonly seconds: number;
  /** How many records of years past a benchmark puts beside what it measures. */
  readonly stored: number;
  /** Tells the reader something that belongs to the result, such as counts. */
  say(sentence: string): void;
  /**
   * Measures the subjects in turns, in an order that changes, so that what else goes on in the machine meets all of them
   * alike. Each call of a subject is one repetition; the first round is a warm-up and not counted. Prints a line a subject.
   */
  measure<Name extends string>(subjects: Readonly<Record<Name, () => Promise<Measurement>>>): Promise<Record<Name, Series>>;
}

/** What a file `bench/<name>.bench.ts` exports as `benchmark`: all of it, or its parts by name, of which each can be run alone. */
export type Benchmark = { readonly name: string } & ({ run(context: BenchContext): Promise<Figure[]> } | {
  readonly parts: Readonly<Record<string, (context: BenchContext) => Promise<Figure[]>>>;
});
