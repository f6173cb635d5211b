import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readConsoleFiles, type ConsoleFile } from './console-files.ts';

const builtConsole = fileURLToPath(new URL('../../../console/dist/', import.meta.url));

/**
 * The page runs its own scripts and styles and calls its own host, and nothing else: no inline script, no frame around it, no other site, and no script made of
 * text (Trusted Types).
 */
const pagePolicy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
  "require-trusted-types-for 'script'", "trusted-types 'none'",
].join('; ');

const everyFile = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin', vary: 'Accept-Encoding' } as const;
const pageHeaders = {
  'content-security-policy': pagePolicy, 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()', 'cache-control': 'no-cache',
} as const;
/** Their names change with their contents. */
const assetHeaders = { 'cache-control': 'public, max-age=31536000, immutable' } as const;

/**
 * Serves the console below `/console`: its assets under names that never mean anything else, and for every other address the page itself, which finds out what to
 * show. The files are open to everybody, because nothing of anybody is in them.
 */
export function routeConsole(server: Pick<FastifyInstance, 'get'>, folder = builtConsole): void {
  const files = readConsoleFiles(folder);
  server.get('/console', (request, reply) => sendPage(request, reply, files.get('index.html')));
  server.get<{ Params: { '*': string } }>('/console/*', (request, reply) => {
    const path = request.params['*'];
    const file = path === 'index.html' ? undefined : files.get(path);
    if (file) return send(request, reply.headers(assetHeaders), file);
    if (path.startsWith('assets/')) return reply.callNotFound();
    return sendPage(request, reply, files.get('index.html'));
  });
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: ConsoleFile | undefined): unknown {
  return page ? send(request, reply.headers(pageHeaders), page) : reply.callNotFound();
}

function send({ headers }: FastifyRequest, reply: FastifyReply, { contentType, bytes, brotli, etag }: ConsoleFile): FastifyReply {
  void reply.headers({ ...everyFile, etag });
  if (headers['if-none-match'] === etag) return reply.status(304).send();
  void reply.header('content-type', contentType);
  const takesBrotli = /(^|,)\s*br\s*(;q=(?!0(\.0+)?\s*(,|$))|,|$)/.test(headers['accept-encoding'] ?? '');
  return takesBrotli ? reply.header('content-encoding', 'br').send(brotli) : reply.send(bytes);
}
