import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What a server bears of clients that send slowly, much, or nothing at all. */
export interface HttpLimits {
  /** By when all headers of a request are there. */
  readonly headersMs: number;
  /** By when all of a request is there. */
  readonly requestMs: number;
  /** How often it is looked for requests that are late. */
  readonly checkEveryMs: number;
  /** All headers of a request together. */
  readonly maxHeaderBytes: number;
  /** Connections at once; one more is closed without an answer. Each costs a file and some kilobytes. */
  readonly maxConnections: number;
}

export const httpLimits: HttpLimits = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000, maxHeaderBytes: 16_384, maxConnections: 8_000 };

/** Node's own settings for these limits: what is late is answered 408 and closed, headers that are too large 431. */
export function limitedServer({ headersMs, requestMs, checkEveryMs, maxHeaderBytes }: HttpLimits) {
  return {
    requestTimeout: requestMs, connectionTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkEveryMs, maxHeaderSize: maxHeaderBytes },
  } satisfies FastifyHttpOptions<Server>;
}

/** Closes connections beyond the most there may be, and counts those and the open ones. */
export function boundConnections(server: Server, { maxConnections }: HttpLimits, registry: Registry): void {
  server.maxConnections = maxConnections;
  const refused = new Counter({ name: 'crossdock_http_connections_refused_total', help: 'Connections that were closed because there were too many.', registers: [registry] });
  const open = new Gauge({ name: 'crossdock_http_connections', help: 'Connections that are open.', registers: [registry] });
  server.on('drop', () => refused.inc());
  server.on('connection', (socket) => {
    open.inc();
    socket.once('close', () => open.dec());
  });
}
