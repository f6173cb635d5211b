import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deprecatedRoutes, deprecationHeaders, type DeprecatedRoute } from './deprecations.ts';

const interfacePath = '/v1/';

/**
 * What every answer of the interface carries: an entity tag of what was read, so that reading it again costs no body while nothing has changed
 * (`If-None-Match`, RFC 9110, 13.1.2), no leave to be cached by others, and the notice of routes that will go.
 */
export function addAnswerHeaders(app: NestFastifyApplication, deprecated: readonly DeprecatedRoute[] = deprecatedRoutes): void {
  const notices = new Map(deprecated.map((route) => [`${route.method} ${route.path}`, deprecationHeaders(route)]));
  app.getHttpAdapter().getInstance().addHook('onSend', (request, reply, payload: unknown, done) => {
    if (!request.url.startsWith(interfacePath)) {
      done(null, payload);
      return;
    }
    const { method, routeOptions } = request;
    void reply.headers({ 'x-content-type-options': 'nosniff', ...notices.get(`${method} ${routeOptions.url}`) });
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, typeof payload === 'string' && isRead(request, reply) ? conditional(request, reply, payload) : payload);
  });
}

function isRead({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (method === 'GET' || method === 'HEAD') && reply.statusCode === 200 && /^(application\/json|text\/html)/.test(String(reply.getHeader('content-type')));
}

function conditional(request: FastifyRequest, reply: FastifyReply, payload: string): string {
  // Weak: the same things may be written in another order.
  const tag = reply.getHeader('etag')?.toString() ?? `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
  void reply.header('etag', tag);
  if (reply.getHeader('cache-control') === 'no-store') void reply.header('cache-control', 'private, no-cache');
  if (!isSeen(request.headers['if-none-match'], tag)) return payload;
  void reply.status(304).removeHeader('content-type');
  return '';
}

/** Whether one of the tags is this one, weak or not (RFC 9110, 8.8.3.2). */
function isSeen(header: string | undefined, tag: string): boolean {
  const bare = (one: string): string => one.trim().replace(/^W\//, '');
  return header !== undefined && header.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag));
}
