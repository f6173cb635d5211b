import type { Latency, Measurement } from './bench.ts';

/** All counted repetitions of one subject: each number is the median, so that one disturbed repetition does not decide. */
export interface Series {
  readonly perSecond: number;
  /** Of each repetition, in their order. */
  readonly eachPerSecond: readonly number[];
  readonly slowestPerSecond: number;
  readonly fastestPerSecond: number;
  /** Operations in all repetitions together. */
  readonly count: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Processor cores in use on average. */
  readonly cpuCores: number | undefined;
  readonly residentBytes: number | undefined;
}

export function summarise(measurements: readonly Measurement[]): Series {
  const rates = measurements.map(({ count, seconds }) => count / seconds);
  const present = (pick: (measurement: Measurement) => number | undefined): number | undefined => {
    const values = measurements.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  return {
    perSecond: median(rates),
    eachPerSecond: rates,
    slowestPerSecond: Math.min(...rates),
    fastestPerSecond: Math.max(...rates),
    count: measurements.reduce((total, { count }) => total + count, 0),
    p50Ms: present(({ latency }) => latency?.p50Ms),
    p99Ms: present(({ latency }) => latency?.p99Ms),
    cpuCores: present(({ usage, seconds }) => usage && usage.cpuSeconds / seconds),
    residentBytes: present(({ usage }) => usage?.residentBytes),
  };
}

/** @throws Error where nothing was timed: a percentile of nothing would look like a result. */
export function latencyOf(durationsMs: ArrayLike<number>): Latency {
  if (durationsMs.length === 0) throw new Error('No operation was timed.');
  const sorted = Float64Array.from(durationsMs).sort();
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}

/** Nearest rank. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Of an even number the middle between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower = Number.NaN, upper = Number.NaN] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (lower + upper) / 2;
}
