import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { outcomeOf } from './exchange-failure.ts';
import type { VendorRequest, VendorResponse } from './vendor-call.ts';

/** Runs one attempt of a call as a span of its own. Path and query stay out of it: they may name records and people. */
export function asCallSpan(request: VendorRequest, attempt: number, work: () => Promise<VendorResponse>): Promise<VendorResponse> {
  const { vendor, operation, method, url, connectionId } = request;
  const attributes = {
    'http.request.method': method.toUpperCase(),
    'server.address': new URL(url).hostname,
    'http.request.resend_count': attempt - 1,
    'crossdock.vendor': vendor,
    'crossdock.operation': operation,
    'crossdock.connection_id': connectionId,
    'crossdock.attempt': attempt,
  };
  return trace.getTracer('crossdock.outbound-http').startActiveSpan(`${vendor} ${operation}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      const response = await work();
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
