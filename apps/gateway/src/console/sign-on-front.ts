import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Failure } from '@crossdock/contracts';
import { clientAddressHeader, ServiceTokenClient } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Agent, type Dispatcher } from 'undici';

const signOnPath = '/sign-on/';
/** What a browser says that sign-on asks for. */
const toldOn = ['host', 'cookie', 'origin', 'content-type', 'accept', 'accept-language', 'user-agent'] as const;
/** What belongs to one connection (RFC 9110, 7.6.1), and lengths that are written anew. */
const keptBack = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);
const timeouts = { headersTimeout: 20_000, bodyTimeout: 20_000 };

/**
 * Hands requests under `/sign-on/` on to auth-sso with the host as it came, so that whoever has the console's address can sign on there without a proxy that tells
 * the two apart. It takes no part in it: cookies and refusals are those of auth-sso. Where the request came from is told with the gateway's own token, by which alone auth-sso believes it.
 */
export function frontSignOn(app: NestFastifyApplication, issuerUrl: string): void {
  const server = app.getHttpAdapter().getInstance();
  const tokens = app.get(ServiceTokenClient);
  const connections = new Agent({ allowH2: false, keepAliveTimeout: 30_000 });
  server.addHook('onClose', () => connections.close());

  async function send(request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    return connections.request({
      origin: issuerUrl, path: request.raw.url ?? signOnPath, method: request.method === 'POST' || request.method === 'DELETE' ? request.method : 'GET', ...timeouts,
      headers: { ...headersOf(request), authorization: `Bearer ${await tokens.token('auth-sso')}`, [clientAddressHeader]: request.ip },
      ...(Buffer.isBuffer(request.body) && { body: request.body }),
    });
  }

  async function handOn(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const answer = await send(request).catch((cause: unknown) => {
      throw new Failure('transient', 'Sign-on does not answer; try again.', { cause });
    });
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !keptBack.has(name)) void reply.header(name, value);
    }
    return reply.status(answer.statusCode).send(Buffer.from(await answer.body.arrayBuffer()));
  }

  server.route({ method: ['GET', 'POST', 'DELETE'], url: `${signOnPath}*`, handler: handOn });
}

/** Whether the body of a request is handed on as it came. */
export function isForSignOn({ url }: FastifyRequest): boolean {
  return url.startsWith(signOnPath);
}

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(toldOn.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
}
