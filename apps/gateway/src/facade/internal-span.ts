import { context, createContextKey, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ServiceName } from '@crossdock/contracts';
import type { Dispatcher } from 'undici';

/** Under this key the telemetry of service-kit sees that a request has a span already, and describes it no second time. */
const toldKey = createContextKey('crossdock.vendor-call');

/**
 * Runs a call to another service as a span of its own, whose headers `call` sends along. The address stays out of it: it names records. The instrumentation of
 * the HTTP client describes each request in full before anything asks whether its trace is kept, at many times the cost.
 */
export async function asInternalSpan(
  { service, method }: { readonly service: ServiceName; readonly method: string }, call: (headers: Readonly<Record<string, string>>) => Promise<Dispatcher.ResponseData>,
): Promise<Dispatcher.ResponseData> {
  const span = trace.getTracer('crossdock.gateway').startSpan(`${method} ${service}`, { kind: SpanKind.CLIENT, attributes: { 'http.request.method': method, 'peer.service': service } });
  const told = trace.setSpan(context.active(), span).setValue(toldKey, true);
  const headers: Record<string, string> = {};
  propagation.inject(told, headers);
  try {
    const response = await context.with(told, call, undefined, headers);
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
