import type { FastifyInstance } from 'fastify';

/**
 * Has what goes wrong on any route answered by the handler that the server has at that moment. Fastify would give a route the handler of the
 * moment in which the route is booted; NestJS sets its own last, and a plugin that boots all before it would leave every route
 * with Fastify's, which tells callers what it was told.
 */
export function answerRouteErrors(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.errorHandler ??= (error, request, reply) => server.errorHandler(error, request, reply);
  });
}
