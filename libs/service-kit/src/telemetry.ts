/**
 * Loaded before everything else (`node --import @crossdock/service-kit/telemetry …`), so that the instrumentations
 * see the libraries before the service does. Configured by OpenTelemetry's own variables; without an endpoint nothing
 * is exported, yet trace ids still connect logs and events. `flushTraces` sends what is left before a process ends.
 */
import { context, createContextKey } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

const isExported = Boolean(process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_TRACES_EXPORTER']);
// Spans that nobody reads are not recorded; they still have ids, which is all that logs and events need.
if (!isExported) process.env['OTEL_TRACES_SAMPLER'] ??= 'always_off';
process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
process.env['OTEL_LOGS_EXPORTER'] ??= 'none';

const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };

/** The query of a call may hold what must not be seen. */
const secretParameters = ['token', 'code', 'state', 'sig', 'signature', 'Signature'];

/** Set by outbound-http around each call. */
const vendorCallKey = createContextKey('crossdock.vendor-call');

const sdk = new NodeSDK({
  ...(!isExported && { spanProcessors: [discard] }),
  instrumentations: [
    new HttpInstrumentation({
      // Requests to us become spans in `request-span.ts`.
      disableIncomingRequestInstrumentation: true,
      redactedQueryParams: secretParameters,
    }),
    new PgInstrumentation({ requireParentSpan: true }),
    new IORedisInstrumentation({ requireParentSpan: true }),
    new UndiciInstrumentation({
      requireParentforSpans: true,
      // Of a call to a vendor outbound-http tells in a span of its own: the host may be a tenant's, the path may name people.
      ignoreRequestHook: () => context.active().getValue(vendorCallKey) === true,
      startSpanHook: ({ origin }) => ({ 'url.full': origin, 'url.path': '', 'url.query': '' }),
    }),
  ],
});
sdk.start();
