import { context, createContextKey } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

/** The query of a call may hold what must not be seen. */
const secretParameters = ['token', 'code', 'state', 'sig', 'signature', 'Signature'];

/** Set by outbound-http around each call. */
const vendorCallKey = createContextKey('crossdock.vendor-call');

/**
 * What makes spans of calls to other services, and of statements to PostgreSQL and Redis, so that none of them holds what must not be seen.
 * @param isExported whether anybody reads the spans; of statements, which no trace id goes along with, none are made otherwise.
 */
export function instrumentations(isExported: boolean) {
  return [
    new HttpInstrumentation({
      // Requests to us become spans in `request-span.ts`.
      disableIncomingRequestInstrumentation: true,
      redactedQueryParams: secretParameters,
    }),
    ...(isExported ? [new PgInstrumentation({ requireParentSpan: true }), new IORedisInstrumentation({ requireParentSpan: true })] : []),
    new UndiciInstrumentation({
      requireParentforSpans: true,
      // Of a call to a vendor outbound-http tells in a span of its own: the host may be a tenant's, the path may name people. What names its trace has its span.
      ignoreRequestHook: ({ headers }) => headers.includes('traceparent') || context.active().getValue(vendorCallKey) === true,
      startSpanHook: ({ origin }) => ({ 'url.full': origin, 'url.path': '', 'url.query': '' }),
    }),
  ];
}
