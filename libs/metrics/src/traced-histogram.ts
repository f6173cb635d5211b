import { isSpanContextValid, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { Histogram, Registry, type LabelValues } from 'prom-client';

/** Seconds; from a cached answer to a vendor that takes its time. */
export const latencyBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * A histogram whose buckets each name a trace that fell into them last (OpenMetrics exemplars), where the registry can
 * say so and the trace is kept: from a slow bucket on a dashboard one step leads to what was slow.
 */
export class TracedHistogram<Label extends string> {
  readonly #histogram: Histogram;
  readonly #hasExemplars: boolean;

  constructor({ registers: [registry], ...options }: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly Label[];
    readonly buckets: readonly number[];
    readonly registers: readonly [Registry];
  }) {
    const contentType: string = registry.contentType;
    this.#hasExemplars = contentType === Registry.OPENMETRICS_CONTENT_TYPE;
    this.#histogram = new Histogram({ ...options, buckets: [...options.buckets], registers: [registry], enableExemplars: this.#hasExemplars });
  }

  /** @param span what the time was spent in; the span that is active if nothing else is said */
  observe(labels: LabelValues<Label>, value: number, span: Span | undefined = trace.getActiveSpan()): void {
    if (!this.#hasExemplars) return this.#histogram.observe(labels, value);
    const context = span?.spanContext();
    const isKept = context !== undefined && (context.traceFlags & TraceFlags.SAMPLED) !== 0 && isSpanContextValid(context);
    this.#histogram.observe({ labels, value, ...(isKept && { exemplarLabels: { trace_id: context.traceId, span_id: context.spanId } }) });
  }

  /** @returns what ends the time and takes it down, in seconds, for the span that was active at the beginning, or for another one that the time was spent in */
  startTimer(labels: LabelValues<Label>): (spentIn?: Span) => void {
    const span = trace.getActiveSpan();
    const beganMs = performance.now();
    return (spentIn = span) => this.observe(labels, (performance.now() - beganMs) / 1_000, spentIn);
  }
}
