/**
 * Loaded before everything else (`node --import @crossdock/service-kit/telemetry …`), so that the instrumentations
 * see the libraries before the service does. Configured by OpenTelemetry's own variables; without an endpoint nothing
 * is exported, yet trace ids still connect logs and events.
 */
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

if (!process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) {
  process.env['OTEL_TRACES_EXPORTER'] ??= 'none';
}
process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
process.env['OTEL_LOGS_EXPORTER'] ??= 'none';

const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => /^\/(health\/|metrics)/.test(url ?? '') }),
    new PgInstrumentation({ requireParentSpan: true }),
    new IORedisInstrumentation({ requireParentSpan: true }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ],
});
sdk.start();

process.once('beforeExit', () => void sdk.shutdown());
