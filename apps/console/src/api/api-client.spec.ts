import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiClientOptions } from './api-client.ts';

interface Request { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }

/** Speaks the gateway's protocol: each test says what it answers, and sees what it was asked. */
const asked: Request[] = [];
let answers: Array<(response: ServerResponse, request: Request) => void> = [];
const server = createServer((incoming: IncomingMessage, response) => {
  void text(incoming).then((body) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body };
    asked.push(request);
    const answer = answers.shift();
    if (answer) answer(response, request);
    else response.writeHead(500).end();
  });
});
let origin = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
beforeEach(() => {
  asked.length = 0;
  answers = [];
});

function client(options: ApiClientOptions = {}): ApiClient {
  return new ApiClient({ origin, ...options });
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return (response: ServerResponse): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function problem(status: number, code: string, headers: Readonly<Record<string, string>> = {}, further: object = {}) {
  return json(status, { type: 'about:blank', status, code, title: 'Title', detail: `What ${code} says.`, ...further }, { 'content-type': 'application/problem+json', ...headers });
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => undefined, (thrown: unknown) => thrown);
}

const id = 'a1b2/c?';

describe('a call to the gateway', () => {
  it('fills in the path, leaves out what the query does not say, and gives the entity tag and the age of the answer', async () => {
    answers = [json(200, { items: [], nextCursor: 'next' }, { etag: 'W/"1"', age: '42' })];
    const answer = await client().call('GET /v1/connections/{id}/calls', { path: { id }, query: { cursor: 'a b', limit: undefined } });
    expect(answer).toEqual({ data: { items: [], nextCursor: 'next' }, etag: 'W/"1"', ageSeconds: 42 });
    expect(asked).toEqual([expect.objectContaining({ method: 'GET', url: '/v1/connections/a1b2%2Fc%3F/calls?cursor=a+b', body: '' })]);
    expect(asked[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('that changes something carries an idempotency key of its own, or the one of its act', async () => {
    answers = [json(202, {}), json(202, {}), json(202, {})];
    const path = { service: 'sync', id };
    for (const idempotencyKey of [undefined, undefined, 'act-1']) await client().call('POST /v1/jobs/{service}/{id}/cancel', { path: { ...path, service: 'sync' }, idempotencyKey });
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/), 'act-1']);
  });

  it('names the version that was seen, and says of a newer one what to do', async () => {
    answers = [problem(412, 'the_record_has_changed_since_it_was_read')];
    const saving = client().call('PUT /v1/connections/{id}/mappings/{object}', { path: { id, object: 'contact' }, body: { fields: [] }, ifMatch: '"3"' });
    expect(await refusal(saving)).toMatchObject({ status: 412, code: 'the_record_has_changed_since_it_was_read', message: 'What the_record_has_changed_since_it_was_read says.' });
    expect(asked[0]).toMatchObject({ method: 'PUT', body: '{"fields":[]}', headers: { 'if-match': '"3"', 'content-type': 'application/json' } });
  });

  it('tells which places are wrong, how long to wait, and members that only one kind of problem has', async () => {
    const errors = [{ pointer: '/fields/0/to', detail: 'is no field of the account' }];
    answers = [problem(422, 'invalid', {}, { errors, problems: [{ field: 'x' }] }), problem(422, 'invalid', {}, { candidates: ['hubspot/deal/5', 'zoho/deal/5'] }), problem(429, 'too_many_requests', { 'retry-after': '7' })];
    expect(await refusal(client().call('GET /v1/syncs'))).toMatchObject({ errors, members: { problems: [{ field: 'x' }] }, candidates: [], retryAfterSeconds: undefined });
    expect(await refusal(client().call('GET /v1/lineage', { query: { record: '5' } }))).toMatchObject({ candidates: ['hubspot/deal/5', 'zoho/deal/5'] });
    expect(await refusal(client().call('GET /v1/syncs'))).toMatchObject({ status: 429, retryAfterSeconds: 7 });
  });

  it('knows an answer that is no problem document by its status', async () => {
    answers = [(response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')];
    expect(await refusal(client().call('GET /v1/syncs'))).toMatchObject({ status: 502, code: 'unknown' });
  });

  it('tells a hub that does not answer from a call that was given up', async () => {
    const away = createServer().listen(0, '127.0.0.1');
    await once(away, 'listening');
    const { port } = away.address() as AddressInfo;
    away.close();
    expect(await refusal(client({ origin: `http://127.0.0.1:${port}` }).call('GET /v1/syncs'))).toMatchObject({ status: 0, code: 'unreachable' });
    const giveUp = new AbortController();
    answers = [() => giveUp.abort()];
    expect(await refusal(client().call('GET /v1/syncs', { signal: giveUp.signal }))).toMatchObject({ name: 'AbortError' });
  });

  it('takes an answer without a body, and files as they are', async () => {
    answers = [(response) => void response.writeHead(204).end(), (response) => void response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\r\n')];
    expect((await client().call('DELETE /v1/api-keys/{id}', { path: { id } })).data).toBeUndefined();
    expect(await (await client().download('GET /v1/syncs/{id}/errors.csv', { path: { id } })).text()).toBe('a,b\r\n');
  });
});

describe('a watched stream', () => {
  const path = { service: 'sync', id } as const;
  const waits: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const events = (...lines: readonly string[]) => (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(lines.join('\n'));
  beforeEach(() => {
    waits.length = 0;
  });

  it('goes on behind the last event after it broke off, and ends where all was seen', async () => {
    const away = (response: ServerResponse): void => void response.destroy();
    answers = [events('id: one', 'data: {"done":1}', '', 'id: two', 'data: {"done"'), away, problem(503, 'transient'), events('id: two', 'data: {"done":2}', '', ''), (response) => void response.writeHead(204).end()];
    const connection: boolean[] = [];
    const told = await allOf(client({ wait }).watch('GET /v1/jobs/{service}/{id}/events', { path, signal: new AbortController().signal, onConnection: (is) => connection.push(is) }));
    expect(told).toEqual([{ done: 1 }, { done: 2 }]);
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'one', 'one', 'one', 'two']);
    expect(waits).toEqual([1_000, 2_000, 4_000, 1_000]);
    expect(connection).toEqual([true, false, false, true]);
  });

  it('ends with the reason where the gateway refuses it, and quietly where nobody listens any more', async () => {
    answers = [problem(404, 'not_found')];
    const watch = (signal: AbortSignal) => allOf(client({ wait }).watch('GET /v1/jobs/{service}/{id}/events', { path, signal }));
    expect(await refusal(watch(new AbortController().signal))).toMatchObject({ status: 404 });
    const leave = new AbortController();
    answers = [() => leave.abort()];
    expect(await watch(leave.signal)).toEqual([]);
  });
});
