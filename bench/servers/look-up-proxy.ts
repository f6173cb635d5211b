/** The least that can stand between a caller and a look-up: Fastify reads the request, asks what is behind, and answers what that says. */
import Fastify from 'fastify';
import { request } from 'undici';

const upstream = process.env['UPSTREAM_URL'] ?? '';
const server = Fastify();
server.post('/*', async ({ url, body }) => {
  const answer = await request(new URL(url, upstream), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return await answer.body.json();
});
await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
