import { isSpanContextValid, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { Histogram, Registry, type LabelValues } from 'prom-client';

/** Seconds; from a cached answer to a vendor that takes its time. */
export const latencyBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** So long after one was named, only what took longer than that is named too. */
const namedEveryMs = 100;

/**
 * A histogram whose buckets each name a trace that fell into them (OpenMetrics exemplars), where the registry can say so and
 * the trace is kept: from a slow bucket on a dashboard one step leads to what was slow. Where thousands are timed in a second
 * not each of them is named, for that costs as much as the timing: of each tenth of a second the first is, and the slowest.
 */
export class TracedHistogram<Label extends string> {
  readonly #histogram: Histogram;
  readonly #hasExemplars: boolean;
  readonly #nowMs: () => number;
  #nextNamedMs = 0;
  #lastNamed = 0;

  constructor({ registers: [registry], nowMs = () => performance.now(), ...options }: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly Label[];
    readonly buckets: readonly number[];
    readonly registers: readonly [Registry];
    readonly nowMs?: () => number;
  }) {
    this.#nowMs = nowMs;
    const contentType: string = registry.contentType;
    this.#hasExemplars = contentType === Registry.OPENMETRICS_CONTENT_TYPE;
    this.#histogram = new Histogram({ ...options, buckets: [...options.buckets], registers: [registry], enableExemplars: this.#hasExemplars });
  }

  /** @param span what the time was spent in; the span that is active if nothing else is said */
  observe(labels: LabelValues<Label>, value: number, span: Span | undefined = trace.getActiveSpan()): void {
    if (!this.#hasExemplars) return this.#histogram.observe(labels, value);
    const context = span?.spanContext();
    const isKept = context !== undefined && (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    const isNamed = isKept && this.#claimsName(value) && isSpanContextValid(context);
    this.#histogram.observe({ labels, value, ...(isNamed && { exemplarLabels: { trace_id: context.traceId, span_id: context.spanId } }) });
  }

  /** Whether a trace is named for this value; takes down that it was. */
  #claimsName(value: number): boolean {
    const nowMs = this.#nowMs();
    if (nowMs < this.#nextNamedMs && value <= this.#lastNamed) return false;
    if (nowMs >= this.#nextNamedMs) this.#nextNamedMs = nowMs + namedEveryMs;
    this.#lastNamed = value;
    return true;
  }

  /** @returns what ends the time and takes it down, in seconds, for the span that was active at the beginning, or for another one that the time was spent in */
  startTimer(labels: LabelValues<Label>): (spentIn?: Span) => void {
    const span = trace.getActiveSpan();
    const beganMs = performance.now();
    return (spentIn = span) => this.observe(labels, (performance.now() - beganMs) / 1_000, spentIn);
  }
}
