import { context, diag, ROOT_CONTEXT, TraceFlags } from '@opentelemetry/api';
import { ExportResultCode, getNumberFromEnv, globalErrorHandler, suppressTracing } from '@opentelemetry/core';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { spanBatchSerializer, WrittenSpans, type SpanBatch } from './written-spans.ts';

/**
 * Sends spans by OTLP over HTTP as the SDK's own batch processor and exporter do, by the same variables and with the same transport. Those keep each span with all that
 * it consists of until a batch is full and walk it twice then, which takes several times what it takes to make the span.
 */
export class WrittenSpanProcessor implements SpanProcessor {
  readonly #spans = new WrittenSpans();
  readonly #largestBatch = getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512;
  readonly #mostWaiting = getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE') ?? 2_048;
  readonly #delayMs = getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY') ?? 5_000;
  readonly #exporter = createOtlpHttpExportDelegate(
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- The SDK's own exporter calls it too; nothing else that is exported reads the exporter's variables.
    convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': 'application/x-protobuf' }),
    spanBatchSerializer, 'otlp_http_span_exporter', { name: 'span', countItems: ({ count }) => count }, undefined,
  );
  readonly #full: SpanBatch[] = [];
  #waiting = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  onStart(): void {
    // What a span consists of is known at its end.
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#waiting >= this.#mostWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += 1;
    this.#spans.add(span);
    if (this.#spans.count >= this.#largestBatch) this.#close();
    else this.#timer ??= setTimeout(() => this.#close(), this.#delayMs).unref();
  }

  async forceFlush(): Promise<void> {
    this.#close();
    await this.#sending;
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#exporter.shutdown();
  }

  /** Nothing is added any more to what has been written; it is sent after what is on its way. */
  #close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#spans.take();
    if (batch) this.#full.push(batch);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    for (let batch = this.#full.shift(); batch; batch = this.#full.shift()) {
      await this.#send(batch);
      this.#waiting -= batch.count;
      if (this.#dropped > 0) diag.warn(`${this.#dropped} spans were dropped, because ${this.#mostWaiting} were waiting to be sent.`);
      this.#dropped = 0;
    }
  }

  async #send(batch: SpanBatch): Promise<void> {
    await batch.resource.waitForAsyncAttributes?.();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    context.with(suppressTracing(ROOT_CONTEXT), () => this.#exporter.export(batch, ({ code, error }) => {
      if (code === ExportResultCode.FAILED) globalErrorHandler(error ?? new Error('Spans could not be sent.'));
      resolve(undefined);
    }));
    await promise;
  }
}
