import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
import { requestWhole, type WholeAnswer } from './whole-answer.ts';

const ends: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** What comes of a request to a server that answers so. */
async function ask(answer: RequestListener): Promise<WholeAnswer> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent();
  ends.push(async () => await agent.destroy(), async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return await requestWhole(agent, { origin: `http://127.0.0.1:${address.port}`, path: '/', method: 'GET' });
}

describe('an answer that is gathered', () => {
  it('is whole, however it comes: in pieces that divide a letter, or without a body', async () => {
    const bytes = Buffer.from('{"name":"Zoë"}');
    const divided = await ask((_request, response) => {
      response.writeHead(422, { 'content-type': 'application/json' });
      response.write(bytes.subarray(0, 12), () => response.end(bytes.subarray(12)));
    });
    expect(divided).toMatchObject({ statusCode: 422, headers: { 'content-type': 'application/json' }, text: '{"name":"Zoë"}' });
    expect(await ask((_request, response) => response.writeHead(204).end())).toMatchObject({ statusCode: 204, text: '' });
  });

  it('is the last one, where others come on the way to it', async () => {
    const answer = await ask((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.writeHead(200, { 'x-last': 'yes' }).end('done'));
    });
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'x-last': 'yes' }, text: 'done' });
  });

  it('fails where its connection ends before it does', async () => {
    await expect(ask((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half of it', () => request.socket.destroy());
    })).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });
});
