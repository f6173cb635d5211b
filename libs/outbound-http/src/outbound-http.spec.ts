import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { selfSignedCertificate } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { PrivateNetworks } from './egress-guard.ts';
import { OutboundHttp } from './outbound-http.ts';
import type { VendorRequest } from './vendor-call.ts';

const purpose = { vendor: 'shippo', tenantId: 'tenant-1', connectionId: 'connection-1' } as const;

let http: OutboundHttp;
let metrics: Registry;
let logged: () => string;
let server: Server | undefined;

function openHttp(allowPrivateNetworks: PrivateNetworks, now?: () => number): OutboundHttp {
  const lines = new PassThrough();
  let text = '';
  lines.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  logged = () => text;
  metrics = new Registry();
  return new OutboundHttp({ metrics, logger: pino({}, lines), allowPrivateNetworks, ...(now && { now }) });
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

const call = (url: string, more: Partial<VendorRequest> = {}): VendorRequest =>
  ({ ...purpose, operation: 'orders.get', method: 'GET', url, ...more });

beforeEach(() => { http = openHttp(true); });

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await http.close();
});

describe('an answered call', () => {
  it('gives back status, headers and body, whatever the status', async () => {
    const url = await serve((request, response) => {
      response.writeHead(418, { 'x-seen': `${request.method} ${request.url}`, 'content-type': 'application/json' });
      request.pipe(response);
    });
    const answer = await http.send(call(`${url}/a?b=c`, { method: 'POST', body: '{"d":"é"}' }));
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-seen')).toBe('POST /a?b=c');
    expect(answer.json()).toEqual({ d: 'é' });
  });

  it('does not follow a redirect', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await http.send(call(`${url}/start`))).status).toBe(302);
    expect(paths).toEqual(['/start']);
  });

  it('never asks for a packed answer, so that none can unpack to something huge', async () => {
    const url = await serve((request, response) => response.end(request.headers['accept-encoding'] ?? 'none'));
    expect((await http.send(call(url, { headers: { 'Accept-Encoding': 'gzip' } }))).text()).toBe('none');
  });

  it('leaves one log line without path, query, header or body, and is counted and timed', async () => {
    const url = await serve((_request, response) => response.end('canary-body'));
    const address = `${url}/contacts/canary-path?token=canary-query`;
    await http.send(call(address, { method: 'POST', headers: { authorization: 'canary-header' }, body: 'canary-sent' }));
    const lines = logged().trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...purpose, operation: 'orders.get', method: 'POST', status: 200, outcome: 'success',
    });
    expect(logged()).not.toContain('canary');
    const exposition = await metrics.metrics();
    expect(exposition).toContain('crossdock_vendor_request_total{vendor="shippo",operation="orders.get",outcome="success"} 1');
    expect(exposition).toContain('crossdock_vendor_request_duration_seconds_count{vendor="shippo",operation="orders.get",outcome="success"} 1');
  });
});

describe('a call without an answer', () => {
  it('is transient when nothing could be sent, even for a write', async () => {
    const url = await serve(() => undefined);
    await new Promise((closed) => { server?.close(closed); });
    await expect(http.send(call(url, { method: 'POST', body: 'x' }))).rejects.toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['POST', false, 'outcome_unknown'],
    ['POST', true, 'transient'],
    ['GET', false, 'transient'],
  ] as const)('after the deadline is, for %s with idempotent=%p, %s', async (method, idempotent, kind) => {
    const url = await serve(() => undefined);
    await expect(http.send(call(url, { method, idempotent, timeoutMs: 80 }))).rejects.toMatchObject({ kind });
  });

  it('ends at the deadline although the answer drips on', async () => {
    const url = await serve((_request, response) => {
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    });
    await expect(http.send(call(url, { timeoutMs: 120 }))).rejects.toMatchObject({ kind: 'transient' });
  });

  it('leaves the outcome of a write open when the connection breaks after sending, and does not repeat it', async () => {
    let seen = 0;
    const url = await serve((request) => { seen += 1; request.socket.destroy(); });
    await expect(http.send(call(url, { method: 'POST', body: 'x' }))).rejects.toMatchObject({ kind: 'outcome_unknown' });
    expect(seen).toBe(1);
  });

  it('is repeated once when a read breaks', async () => {
    let seen = 0;
    const url = await serve((request, response) => {
      seen += 1;
      if (seen === 1) request.socket.destroy();
      else response.end('second');
    });
    expect((await http.send(call(url))).text()).toBe('second');
  });

  it('is cut off when the answer is larger than allowed', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(2_000)));
    await expect(http.send(call(url, { maxResponseBytes: 1_000 }))).rejects.toMatchObject({ kind: 'unexpected' });
  });

  it('is cut off where an answer without a length does not end, and its connection is closed', async () => {
    const closed = Promise.withResolvers<undefined>();
    const url = await serve((_request, response) => {
      response.on('close', () => closed.resolve(undefined));
      const pour = (): void => { while (!response.destroyed && response.write('x'.repeat(10_000))); };
      response.on('drain', pour);
      pour();
    });
    await expect(http.send(call(url, { maxResponseBytes: 1_000_000 }))).rejects.toMatchObject({ kind: 'unexpected' });
    await closed.promise;
  });

  it('ends when the caller cancels it, and frees its connection', async () => {
    const cancelled = new AbortController();
    const freed = Promise.withResolvers<undefined>();
    const url = await serve((request) => {
      request.socket.on('close', () => freed.resolve(undefined));
      cancelled.abort();
    });
    await expect(http.send(call(url, { signal: cancelled.signal }))).rejects.toMatchObject({ kind: 'transient' });
    await freed.promise;
  });

  it('is a fault of ours, not of the network, when the request cannot be written', async () => {
    for (let i = 0; i < 6; i += 1) {
      await expect(http.send(call('http://127.0.0.1:9/', { method: 'GE T' }))).rejects.toMatchObject({ kind: 'unexpected' });
    }
  });

  it('never repeats a refused header value, which may be a token', async () => {
    const attempt = http.send(call('http://127.0.0.1:9/', { headers: { authorization: 'canary\ntoken' } }));
    await expect(attempt).rejects.toMatchObject({ kind: 'unexpected', message: expect.not.stringContaining('canary') });
    expect(logged()).not.toContain('canary');
  });
});

describe('the guard against private networks', () => {
  it.each(['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://2130706433/', 'http://169.254.169.254/latest/'])(
    'refuses %s before anything is sent', async (url) => {
      const guarded = openHttp(false);
      await expect(guarded.send(call(url))).rejects.toMatchObject({ kind: 'invalid' });
      await guarded.close();
    });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://127.0.0.2:9/', 'http://[::ffff:127.0.0.2]/', 'file:///etc/passwd'])(
    'refuses %s where an answer led there and the caller follows it', async (location) => {
      const url = await serve((_request, response) => response.writeHead(307, { location }).end());
      const guarded = openHttp(['127.0.0.1/32']);
      const answer = await guarded.send(call(url));
      await expect(guarded.send(call(answer.headers.get('location') ?? ''))).rejects.toMatchObject({ kind: 'invalid' });
      await guarded.close();
    });
});

describe('a vendor that keeps failing', () => {
  it('is not called for a while after five failures in a row, then gets one probe', async () => {
    let nowMs = 0;
    let status = 503;
    let seen = 0;
    const url = await serve((_request, response) => { seen += 1; response.writeHead(status).end(); });
    const guarded = openHttp(true, () => nowMs);
    for (let i = 0; i < 5; i += 1) expect((await guarded.send(call(url))).status).toBe(503);
    await expect(guarded.send(call(url))).rejects.toMatchObject({ kind: 'transient', retryAfterMs: 15_000 });
    expect(seen).toBe(5);
    expect(await metrics.metrics()).toContain('crossdock_circuit_breaker_state{vendor="shippo"} 1');
    expect((await guarded.send(call(url, { connectionId: 'connection-2' }))).status).toBe(503);
    nowMs = 15_000;
    status = 200;
    expect((await guarded.send(call(url))).status).toBe(200);
    expect((await guarded.send(call(url))).status).toBe(200);
    await guarded.close();
  });
});

describe('the fetch for SDKs', () => {
  it('takes what fetch takes and answers with a Response', async () => {
    const url = await serve((request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end();
      else request.pipe(response.writeHead(201, { 'x-path': request.url ?? '' }));
    });
    const vendorFetch = http.fetchFor({ ...purpose, operation: ({ method, pathname }) => `${method} ${pathname}` });
    const posted = await vendorFetch(new Request(`${url}/shipments`, { method: 'POST', body: '{"a":1}' }));
    expect([posted.status, posted.headers.get('x-path'), await posted.json()]).toEqual([201, '/shipments', { a: 1 }]);
    expect((await vendorFetch(`${url}/x`, { method: 'DELETE' })).status).toBe(204);
    expect(await metrics.metrics()).toContain('operation="POST /shipments"');
  });

  it('throws the same failures as send', async () => {
    const url = await serve((request) => { request.socket.destroy(); });
    const vendorFetch = http.fetchFor(purpose);
    await expect(vendorFetch(url, { method: 'POST', body: 'x' })).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });
});

describe('a vendor whose certificate nobody vouches for', () => {
  it('is told nothing: the call is refused before anything is sent', async () => {
    let requests = 0;
    const tlsServer = createTlsServer(selfSignedCertificate('127.0.0.1'), (_, response) => {
      requests += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(tlsServer, 'listening');
    const address = tlsServer.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    await expect(http.send(call(`https://127.0.0.1:${address.port}/`, { headers: { authorization: 'Bearer secret' } }))).rejects.toMatchObject({ message: expect.stringContaining('nothing was sent'), cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } } });
    expect(requests).toBe(0);
    tlsServer.close();
  });
});
