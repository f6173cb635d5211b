/**
 * Loaded before everything else (`node --import @crossdock/service-kit/telemetry …`), so that the instrumentations
 * see the libraries before the service does. Configured by OpenTelemetry's own variables; without an endpoint nothing
 * is exported, yet trace ids still connect logs and events. `flushTraces` sends what is left before a process ends.
 */
import './source-maps.ts';
import { startUnexportedTraces } from './unexported-traces.ts';

if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_TRACES_EXPORTER']) {
  process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
  process.env['OTEL_LOGS_EXPORTER'] ??= 'none';
  // eslint-disable-next-line no-restricted-syntax -- It loads the SDK, with an exporter for every protocol, which only those need who export.
  const { startExportedTraces } = await import('./exported-traces.ts');
  startExportedTraces();
} else {
  startUnexportedTraces();
}
