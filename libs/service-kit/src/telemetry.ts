/**
 * Loaded before everything else (`node --import @crossdock/service-kit/telemetry …`), so that the instrumentations
 * see the libraries before the service does. Configured by OpenTelemetry's own variables; without an endpoint nothing
 * is exported, yet trace ids still connect logs and events. `flushTraces` sends what is left before a process ends.
 */
import { createRequire } from 'node:module';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import './source-maps.ts';
import { instrumentations } from './instrumentations.ts';
import { startUnexportedTraces } from './unexported-traces.ts';

if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_TRACES_EXPORTER']) {
  process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
  process.env['OTEL_LOGS_EXPORTER'] ??= 'none';
  // eslint-disable-next-line no-restricted-syntax -- No import rule is about this package, which only those load who export.
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  // Baggage is neither taken in nor passed on: nobody could say what callers put into it.
  new NodeSDK({ instrumentations: instrumentations(true), textMapPropagator: new W3CTraceContextPropagator() }).start();
  // An instrumentation looks into what is required; what is imported afterwards is the same.
  createRequire(import.meta.url)('ioredis');
} else {
  startUnexportedTraces();
}
