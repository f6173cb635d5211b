import { latencyBucketsSeconds, TracedHistogram } from '@crossdock/metrics';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry, type RegistryContentType } from 'prom-client';
import type { spanOfRequest } from './request-span.ts';

/** How often the event loop’s delay is looked at, which the delay contains. Each look wakes the process: at 100 a second, as usual, that was a tenth of what a resting service took. */
const eventLoopLookMs = 50;

/** The registry of one process, which names traces beside latencies, with the runtime's own metrics (event loop, memory, garbage collection). */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  const either: Registry<RegistryContentType> = registry;
  either.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopLookMs });
  return registry;
}

/** Counts and times every request by route pattern, never by address, so that the number of series stays bounded. */
export function measureRequests(server: FastifyInstance, registry: Registry, spanOf: typeof spanOfRequest): void {
  const duration = new TracedHistogram({
    name: 'crossdock_http_request_duration_seconds', help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['route', 'method', 'status_class'], buckets: latencyBucketsSeconds, registers: [registry],
  });
  server.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      {
        route: request.routeOptions.url ?? 'unmatched',
        method: request.method,
        status_class: `${Math.trunc(reply.statusCode / 100)}xx`,
      },
      reply.elapsedTime / 1_000, spanOf(request),
    );
    done();
  });
}
