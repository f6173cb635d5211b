import { context, createContextKey, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { outcomeOf } from './exchange-failure.ts';
import type { VendorRequest, VendorResponse } from './vendor-call.ts';

/** Under this key of the context the telemetry of service-kit sees that a request is a vendor call, and makes no span of its own for it. */
const vendorCallKey = createContextKey('crossdock.vendor-call');

/**
 * Runs one attempt of a call as a span of its own. Host, path and query stay out of it: they may name a tenant, records
 * and people. The vendor gets no trace headers.
 */
export function asCallSpan(request: VendorRequest, attempt: number, work: () => Promise<VendorResponse>): Promise<VendorResponse> {
  const { vendor, operation, method, connectionId } = request;
  const attributes = {
    'http.request.method': method.toUpperCase(),
    'http.request.resend_count': attempt - 1,
    'crossdock.vendor': vendor,
    'crossdock.operation': operation,
    'crossdock.connection_id': connectionId,
    'crossdock.attempt': attempt,
  };
  return trace.getTracer('crossdock.outbound-http').startActiveSpan(`${vendor} ${operation}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      const response = await context.with(context.active().setValue(vendorCallKey, true), work);
      span.setAttribute('http.response.status_code', response.status);
      if (response.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      return response;
    } catch (thrown) {
      span.setAttribute('error.type', outcomeOf(thrown));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw thrown;
    } finally {
      span.end();
    }
  });
}
