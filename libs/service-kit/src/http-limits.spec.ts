import { createConnection, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { boundConnections, limitedServer } from './http-limits.ts';

const limits = { headersMs: 400, requestMs: 800, checkEveryMs: 50, maxHeaderBytes: 16_384, maxConnections: 60 };
let server: FastifyInstance;
let registry: Registry;
let port: number;
let sockets: Socket[];

beforeEach(async () => {
  registry = new Registry();
  server = fastify(limitedServer(limits));
  boundConnections(server.server, limits, registry);
  server.post('/', async () => ({ ok: true }));
  port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

/** Connects, says something, goes on saying a little for ever, and is told all that came by the time the server closes. */
async function client(begin: string, little = ''): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port });
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk) => { heard += chunk.toString(); }).on('error', () => undefined);
  const timer = little === '' ? undefined : setInterval(() => socket.write(little), 50);
  socket.write(begin);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  return heard;
}

const honest = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { connection: 'close' } })).status;
const valueOf = async (name: string): Promise<number | undefined> => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;

describe('clients that mean to keep a server busy', () => {
  it('by sending headers or bodies without end slowly are told that they are late, while others are served', async () => {
    const slow = [
      ...Array.from({ length: 20 }, () => client('POST / HTTP/1.1\r\nhost: x\r\n', 'a: b\r\n')),
      ...Array.from({ length: 20 }, () => client('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n', ' ')),
    ];
    expect(await Promise.all(Array.from({ length: 10 }, honest))).toEqual(Array.from({ length: 10 }, () => 200));
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await honest()).toBe(200);
  });

  it('by sending nothing at all are closed', async () => {
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => client('')))) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(await honest()).toBe(200);
  });

  it('by huge headers are told that they are too large', async () => {
    expect(await client(`POST / HTTP/1.1\r\nhost: x\r\nfill: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('by very many connections get no more than there may be, and are counted', async () => {
    const all = Array.from({ length: 80 }, () => client('POST / HTTP/1.1\r\nhost: x\r\n'));
    const answers = await Promise.all(all);
    const refused = answers.filter((answer) => answer === '').length;
    expect(refused).toBeGreaterThanOrEqual(20);
    expect(await valueOf('crossdock_http_connections_refused_total')).toBe(refused);
    expect(await honest()).toBe(200);
    expect(await valueOf('crossdock_http_connections')).toBeLessThanOrEqual(1);
  });
});
