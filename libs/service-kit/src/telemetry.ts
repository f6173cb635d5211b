/**
 * Loaded before everything else (`node --import @crossdock/service-kit/telemetry …`), so that the instrumentations
 * see the libraries before the service does. Configured by OpenTelemetry's own variables; without an endpoint nothing
 * is exported, yet trace ids still connect logs and events. `flushTraces` sends what is left before a process ends.
 */
import './source-maps.ts';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { instrumentations } from './instrumentations.ts';

const isExported = Boolean(process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_TRACES_EXPORTER']);
// Spans that nobody reads are not recorded; they still have ids, which is all that logs and events need.
if (!isExported) process.env['OTEL_TRACES_SAMPLER'] ??= 'always_off';
process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
process.env['OTEL_LOGS_EXPORTER'] ??= 'none';

const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };

const sdk = new NodeSDK({
  ...(!isExported && { spanProcessors: [discard] }),
  instrumentations: instrumentations(),
});
sdk.start();
