import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, context as telemetryContext, trace, type Context, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Routes whose handlers begin a span of their own, or whose requests are not worth one. */
const untraced = /^\/webhooks\//;

/** On the request, where nobody else finds it: of a map with requests for keys the collector takes note with each of them. */
const contextKey = Symbol('telemetry context');

interface TracedRequest extends FastifyRequest {
  [contextKey]?: Context;
}

/** The span of a request, also where nothing runs in its context any more; none where the route has none. */
export function spanOfRequest(request: TracedRequest): Span | undefined {
  const context = request[contextKey];
  return context && trace.getSpan(context);
}

/**
 * Makes each request a span, by OpenTelemetry's conventions for HTTP, as a child of the caller's. The address is left
 * out, because its query may hold secrets; the route says enough. The instrumentation of `node:http` would wrap every
 * request and answer, also those of webhooks, at many times the cost.
 */
export function traceRequests(server: FastifyInstance): void {
  const tracer = trace.getTracer('crossdock.service-kit');
  server.addHook('onRequest', (request: TracedRequest, _reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    if (!untraced.test(route)) {
      const parent = propagation.extract(ROOT_CONTEXT, request.headers);
      const span = tracer.startSpan(`${request.method} ${route}`, {
        kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method, 'http.route': route },
      }, parent);
      request[contextKey] = trace.setSpan(parent, span);
    }
    done();
  });
  // Not before: the body's events come outside of whatever context the request began in.
  server.addHook('preHandler', (request: TracedRequest, _reply, done) => {
    const context = request[contextKey];
    if (context) telemetryContext.with(context, done);
    else done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const span = spanOfRequest(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
