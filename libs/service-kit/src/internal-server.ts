import { fastify, type FastifyInstance } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import { openMetricsAsText } from './openmetrics-as-text.ts';

/** Asks one thing the service stands on; rejects where it does not answer. */
export interface HealthCheck {
  readonly name: string;
  /** A required check that fails makes the service not ready; any other makes it degraded, yet it goes on serving. */
  readonly required: boolean;
  check(): Promise<void>;
}

interface HealthReport {
  readonly status: 'ready' | 'degraded' | 'unavailable' | 'stopping';
  readonly checks: Record<string, 'up' | 'down'>;
}

const checkTimeoutMs = 2_000;

async function runCheck(healthCheck: HealthCheck): Promise<{ name: string; required: boolean; up: boolean }> {
  const { name, required } = healthCheck;
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error(`${name} did not answer in ${checkTimeoutMs} ms.`)), checkTimeoutMs);
  try {
    await Promise.race([healthCheck.check(), deadline.promise]);
    return { name, required, up: true };
  } catch {
    return { name, required, up: false };
  } finally {
    clearTimeout(timer);
  }
}

/** Asks everything at once, each with a deadline, so that a hanging server cannot hang the probe. */
async function reportHealth(checks: readonly HealthCheck[]): Promise<HealthReport> {
  const results = await Promise.all(checks.map(runCheck));
  const down = results.filter((result) => !result.up);
  const status = down.length === 0 ? 'ready' : down.some((result) => result.required) ? 'unavailable' : 'degraded';
  return { status, checks: Object.fromEntries(results.map(({ name, up }) => [name, up ? 'up' : 'down'] as const)) };
}

function isServing({ status }: HealthReport): boolean {
  return status === 'ready' || status === 'degraded';
}

/** Health and metrics on a port of their own, apart from what callers reach. */
export function createInternalServer(options: {
  readonly checks: readonly HealthCheck[];
  readonly metrics: Registry;
  readonly isStopping: () => boolean;
}): FastifyInstance {
  const server = fastify({ logger: false });
  const report = async (): Promise<HealthReport> => (options.isStopping() ? { status: 'stopping', checks: {} } : reportHealth(options.checks));
  new Gauge({
    name: 'crossdock_service_ready', help: '1 where this process has all that it needs to work, as its readiness probe says; else 0.', registers: [options.metrics],
    async collect() {
      this.set(isServing(await report()) ? 1 : 0);
    },
  });

  server.get('/health/live', async () => ({ status: 'live' }));

  server.get('/health/ready', async (_request, reply) => {
    const found = await report();
    return reply.status(isServing(found) ? 200 : 503).send(found);
  });

  // OpenMetrics, with traces beside latencies, for who asks for it, as Prometheus does; the classic text format for all others.
  server.get('/metrics', async (request, reply) => {
    const openMetrics = await options.metrics.metrics();
    return request.headers.accept?.includes('application/openmetrics-text') === true
      ? reply.type(options.metrics.contentType).send(openMetrics)
      : reply.type('text/plain; version=0.0.4; charset=utf-8').send(openMetricsAsText(openMetrics));
  });

  return server;
}
