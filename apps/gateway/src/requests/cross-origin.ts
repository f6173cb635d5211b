import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EdgeCallers } from '../callers/edge-callers.ts';

const interfacePath = '/v1/';
const readableHeaders = 'etag, idempotency-replayed, ratelimit, ratelimit-policy, retry-after, x-correlation-id, deprecation, sunset, link';

/**
 * Lets pages at tenants' domains call the interface from a browser (Fetch standard, CORS protocol). A page's origin is believed where its domain belongs to a
 * tenant and it is served by https; whether it is the caller's tenant is found out with the caller. Credentials go by `Authorization` alone, so that no
 * browser adds any by itself.
 */
export function allowTenantsOrigins(app: NestFastifyApplication): void {
  const callers = app.get(EdgeCallers);
  const server = app.getHttpAdapter().getInstance();
  async function allow(origin: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.header('vary', 'Origin');
    if (!await isOfATenant(origin, callers)) return;
    void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': readableHeaders });
    if (isPreflight(request)) await answerPreflight(reply);
  }

  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || !request.url.startsWith(interfacePath)) done();
    else allow(origin, request, reply).then(() => { if (!reply.sent) done(); }, done);
  });
}

async function isOfATenant(origin: string, callers: EdgeCallers): Promise<boolean> {
  const page = URL.parse(origin);
  return page?.protocol === 'https:' && page.port === '' && page.origin === origin && await callers.tenantOfDomain(page.hostname) !== undefined;
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

async function answerPreflight(reply: FastifyReply): Promise<void> {
  await reply.status(204).headers({
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type, idempotency-key, if-match, if-none-match, x-correlation-id, x-crossdock-tenant, last-event-id',
    'access-control-max-age': '600',
  }).send();
}
