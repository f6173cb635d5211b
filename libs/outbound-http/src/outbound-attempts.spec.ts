import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { Failure } from '@crossdock/contracts';
import { RateBudgets, type ScriptRedis, type VendorLimits } from '@crossdock/rate-budgets';
import { context, createContextKey } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { CallRecord } from './call-record.ts';
import { endpointTemplate } from './endpoint-template.ts';
import { OutboundHttp, type OutboundHttpOptions } from './outbound-http.ts';
import type { VendorRequest } from './vendor-call.ts';

const purpose = { vendor: 'hubspot', tenantId: 'tenant-1', connectionId: 'connection-1' } as const;
/** Without Redis a process counts alone, which is all that is needed here. */
const noRedis: ScriptRedis = { evalsha: async () => { throw new Error('away'); }, eval: async () => { throw new Error('away'); } };
const oneAMinute: VendorLimits = {
  limitsFor: () => [{ name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: 1 }],
  correctionsOf: ({ headers }) => (headers.has('x-pause') ? [{ pauseMs: Number(headers.get('x-pause')) }] : []),
};
const budget = { limits: oneAMinute, settings: {} };

const spans: Array<{ name: string; attributes: object }> = [];
let metrics: Registry;
let records: CallRecord[];
let http: OutboundHttp;
let server: Server | undefined;

const telemetry = new NodeSDK({
  autoDetectResources: false, instrumentations: [], metricReaders: [], logRecordProcessors: [],
  spanProcessors: [{ onStart: () => undefined, onEnd: (span) => spans.push(span), forceFlush: async () => undefined, shutdown: async () => undefined }],
});
beforeAll(() => telemetry.start());
afterAll(() => telemetry.shutdown());

function open(more: Partial<OutboundHttpOptions> = {}): void {
  metrics = new Registry();
  records = [];
  http = new OutboundHttp({
    metrics, logger: pino({ level: 'silent' }), allowPrivateNetworks: true, random: () => 0,
    budgets: new RateBudgets({ redis: noRedis, metrics, assumedReplicas: 1 }), recorder: { record: (call) => records.push(call) }, ...more,
  });
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

const call = (url: string, more: Partial<VendorRequest> = {}): VendorRequest => ({ ...purpose, operation: 'contacts.get', method: 'GET', url, ...more });

beforeEach(() => {
  open();
  spans.length = 0;
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await http.close();
});

describe('the budget of a call', () => {
  it('is taken before the call goes out; without it nothing is sent and no circuit opens', async () => {
    let seen = 0;
    const url = await serve((_request, response) => { seen += 1; response.end('ok'); });
    expect((await http.send(call(url, { budget }))).status).toBe(200);
    for (let i = 0; i < 6; i += 1) await expect(http.send(call(url, { budget }))).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: expect.any(Number) });
    expect(seen).toBe(1);
    expect((await http.send(call(url))).status).toBe(200);
    expect(await metrics.metrics()).toContain('crossdock_vendor_request_total{vendor="hubspot",operation="contacts.get",outcome="no_budget"} 6');
  });

  it('is taken for the calls of an SDK too, whatever it calls', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    const sdkFetch = http.fetchFor({ ...purpose, operation: 'contacts.get', budget });
    expect((await sdkFetch(`${url}/a`)).status).toBe(200);
    await expect(sdkFetch(`${url}/b`)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(records.map(({ endpoint }) => endpoint)).toEqual(['/a']);
  });

  it('follows what the answers say', async () => {
    const generous: VendorLimits = { ...oneAMinute, limitsFor: () => [{ name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: 100 }] };
    const url = await serve((_request, response) => response.setHeader('x-pause', '30000').end());
    await http.send(call(url, { budget: { limits: generous, settings: {} } }));
    await expect(http.send(call(url, { budget: { limits: generous, settings: {} } }))).rejects.toMatchObject({ kind: 'rate_limited' });
  });

  it('is not used up by an address that may not be called', async () => {
    await expect(http.send(call('ftp://example.com/', { budget }))).rejects.toMatchObject({ kind: 'invalid' });
    const url = await serve((_request, response) => response.end());
    expect((await http.send(call(url, { budget }))).status).toBe(200);
  });
});

describe('a repeat', () => {
  it.each([
    ['a read', { method: 'GET' }, 2],
    ['an idempotent write', { method: 'PUT', idempotent: true, body: 'x' }, 2],
    ['any other write', { method: 'POST', body: 'x' }, 1],
  ] as const)('after 503 with a short Retry-After: %s is sent %#', async (_, request, times) => {
    const statuses = [503, 200];
    let seen = 0;
    const url = await serve((_request, response) => response.writeHead(statuses[seen++] ?? 200, { 'retry-after': '0' }).end());
    expect((await http.send(call(url, request))).status).toBe(times === 2 ? 200 : 503);
    expect(seen).toBe(times);
    expect(records.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 503], [2, 200]].slice(0, times));
  });

  it('is left to the caller where the vendor asks for a longer pause', async () => {
    let seen = 0;
    const url = await serve((_request, response) => { seen += 1; response.writeHead(503, { 'retry-after': '60' }).end(); });
    expect((await http.send(call(url))).status).toBe(503);
    expect(seen).toBe(1);
  });

  it('is made of any call that was never sent, and then told as one that was not', async () => {
    const url = await serve(() => undefined);
    await new Promise((closed) => { server?.close(closed); });
    await expect(http.send(call(url, { method: 'POST', body: 'x' }))).rejects.toMatchObject({ kind: 'transient' });
    expect(records.map(({ attempt, outcome, status }) => [attempt, outcome, status])).toEqual([[1, 'network', undefined], [2, 'network', undefined]]);
  });
});

describe('an answer that comes to a stand', () => {
  it('ends with the pause that a body may make, long before the whole call’s deadline', async () => {
    const url = await serve((_request, response) => response.writeHead(200).write('half'));
    await expect(http.send(call(url, { timeoutMs: 25_000, bodyIdleTimeoutMs: 500 }))).rejects.toMatchObject({ kind: 'transient' });
  });

  it('ends with the time that headers may take', async () => {
    const url = await serve(() => undefined);
    await expect(http.send(call(url, { method: 'POST', body: 'x', timeoutMs: 25_000, headersTimeoutMs: 500 }))).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });
});

describe('what is told of a call', () => {
  it('is a span an attempt with operation, status and attempt, without path and query', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end());
    await http.send(call(`${url}/contacts/canary@example.com?key=canary`));
    const [span] = spans;
    expect(span).toMatchObject({
      name: 'hubspot contacts.get',
      attributes: { 'crossdock.operation': 'contacts.get', 'crossdock.attempt': 1, 'http.response.status_code': 404, 'http.request.method': 'GET' },
    });
    expect(JSON.stringify(span?.attributes)).not.toContain('canary');
  });

  it('names no host in a span, a log line, a failure or a metric, because it may be the tenant’s own', async () => {
    const lines = new PassThrough();
    open({ logger: pino({}, lines), allowPrivateNetworks: false });
    for (const url of ['https://canary.invalid/a', 'https://127.0.0.9/a', 'https://canary.invalid:81/a']) {
      const failure: unknown = await http.send(call(url)).catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(Failure);
      expect(failure).toMatchObject({ message: expect.not.stringMatching(/canary|127\.0\.0\.9/) });
    }
    const told = `${String(lines.read())} ${JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]))} ${await metrics.metrics()}`;
    expect(told).toContain('contacts.get');
    expect(told).not.toMatch(/canary|127\.0\.0\.9/);
  });

  it('is no second span of the client below, and no trace header for the vendor', async () => {
    const seen: unknown[] = [];
    const look = () => seen.push(context.active().getValue(createContextKey('crossdock.vendor-call')));
    subscribe('undici:request:create', look);
    let sent: object = {};
    const url = await serve((request, response) => { sent = request.headers; response.end(); });
    await http.send(call(url));
    unsubscribe('undici:request:create', look);
    expect(seen).toEqual([true]);
    expect(sent).not.toHaveProperty('traceparent');
  });

  it('is a record for support, in which a path names no record', async () => {
    const url = await serve((_request, response) => response.end());
    await http.send(call(`${url}/crm/v3/objects/contacts/canary@example.com?key=canary`, { method: 'post', body: 'canary' }));
    expect(records).toEqual([{
      ...purpose, operation: 'contacts.get', method: 'POST', endpoint: '/crm/v3/objects/contacts/{…}',
      attempt: 1, outcome: 'success', status: 200, startedAt: expect.any(Date), durationMs: expect.any(Number),
    }]);
  });

  it.each([
    ['https://api.hubapi.com/crm/v3/objects/0-3/123?x=1', '/crm/v3/objects/{…}/{…}'],
    ['https://acme.my.salesforce.com/services/data/v67.0/sobjects/Contact/003ak00000IiFIn', '/services/data/v67.0/sobjects/Contact/{…}'],
    ['https://shop.example/wp-json/wc/v3/orders/727', '/wp-json/wc/v3/orders/{…}'],
    ['https://api.goshippo.com/tracks/usps/9205590164917312751089', '/tracks/usps/{…}'],
    ['https://api.example/c/anna%40example.com', '/c/{…}'],
    ['no address', 'invalid'],
  ])('names %s as %s', (address, template) => {
    expect(endpointTemplate(address)).toBe(template);
  });

  it('raises a metric with each answer in which the vendor says that the operation ends, and is logged once', async () => {
    const lines = new PassThrough();
    open({ logger: pino({}, lines) });
    let sunset = 'Thu, 01 Apr 2027 00:00:00 GMT';
    const url = await serve((_request, response) => response.writeHead(200, { deprecation: '@1767225600', sunset }).end());
    for (let i = 0; i < 3; i += 1) await http.send(call(url));
    const exposition = await metrics.metrics();
    expect(exposition).toContain('crossdock_vendor_deprecation_total{vendor="hubspot",operation="contacts.get"} 3');
    expect(exposition).toContain(`crossdock_vendor_api_sunset_timestamp_seconds{vendor="hubspot",api="contacts.get"} ${Date.UTC(2027, 3, 1) / 1_000}`);
    sunset = 'Sat, 01 May 2027 00:00:00 GMT';
    await http.send(call(url));
    const told = String(lines.read()).split('\n').filter((line) => line.includes('deprecated'));
    expect(told.map((line) => /"sunset":"([^"]*)"/.exec(line)?.[1])).toEqual(['2027-04-01T00:00:00.000Z', '2027-05-01T00:00:00.000Z']);
  });

  it.each([
    [{ warning: '299 - "This API is deprecated and will be removed"' }, 1],
    [{ deprecation: 'true' }, 1],
    [{ warning: '110 - "Response is stale"' }, 0],
    [{ sunset: 'no date' }, 0],
  ])('takes %j for the end of an operation as often as %d', async (headers, times) => {
    const url = await serve((_request, response) => response.writeHead(200, headers).end());
    await http.send(call(url));
    const { values } = await metrics.getSingleMetric('crossdock_vendor_deprecation_total')?.get() ?? { values: [] };
    expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(times);
  });
});
