import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ServiceName } from '@crossdock/contracts';

/**
 * Runs a call to another service as a span of its own, whose headers `call` sends along: by them the instrumentation of the HTTP client, which describes each request
 * in full before anything asks whether its trace is kept, sees that it has one. The address stays out of it: it names records.
 */
export async function asInternalSpan<Response extends { readonly statusCode: number }>(
  { service, method }: { readonly service: ServiceName; readonly method: string }, call: (headers: Readonly<Record<string, string>>) => Promise<Response>,
): Promise<Response> {
  const parent = context.active();
  const span = trace.getTracer('crossdock.gateway').startSpan(`${method} ${service}`, { kind: SpanKind.CLIENT, attributes: { 'http.request.method': method, 'peer.service': service } }, parent);
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), headers);
  try {
    const response = await call(headers);
    span.setAttribute('http.response.status_code', response.statusCode);
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    return response;
  } catch (thrown) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw thrown;
  } finally {
    span.end();
  }
}
