import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';

const secret = process.env['WEBHOOK_SECRET'] ?? '';

/** A Fastify server that takes signed webhooks as they come; `keep` gets the bytes of those whose signature holds. */
export function webhookServer(keep: (rawBody: Buffer, deliveryId: string) => Promise<void>): FastifyInstance {
  const server = Fastify();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.post('/*', async (request, reply) => {
    if (!Buffer.isBuffer(request.body) || !isSigned(request.body, request.headers['x-wc-webhook-signature'])) return await reply.code(401).send();
    await keep(request.body, String(request.headers['x-wc-webhook-delivery-id']));
    return { accepted: 1 };
  });
  return server;
}

/** Listens where the benchmark said. */
export async function listen(server: FastifyInstance): Promise<void> {
  await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
}

function isSigned(body: Buffer, signature: string | string[] | undefined): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(String(signature), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
