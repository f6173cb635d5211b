import { createRequire } from 'node:module';
import { getStringFromEnv, W3CTraceContextPropagator } from '@opentelemetry/core';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { instrumentations } from './instrumentations.ts';
import { WrittenSpanProcessor } from './otlp/written-span-processor.ts';

/** Traces whose spans are sent, by OpenTelemetry's SDK. Where to and which of them, its variables say. */
export function startExportedTraces(): void {
  new NodeSDK({
    instrumentations: instrumentations(true),
    // Baggage is neither taken in nor passed on: nobody could say what callers put into it.
    textMapPropagator: new W3CTraceContextPropagator(),
    ...(isSentAsProtobuf() && { spanProcessors: [new WrittenSpanProcessor()] }),
  }).start();
  // An instrumentation looks into what is required; what is imported afterwards is the same.
  createRequire(import.meta.url)('ioredis');
}

/** Whether spans go out as OTLP over HTTP in protobuf, the SDK's default. */
function isSentAsProtobuf(): boolean {
  const protocol = getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
  return (getStringFromEnv('OTEL_TRACES_EXPORTER') ?? 'otlp') === 'otlp' && protocol === 'http/protobuf';
}
