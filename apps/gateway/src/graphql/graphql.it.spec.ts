import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { actRecorded, envelopeSchema, type EventData } from '@crossdock/contracts';
import { tenantScopeNames } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import type { Consumer } from 'kafkajs';
import { z } from 'zod';
import { Registry } from 'prom-client';
import { ConnectingGateway } from '../connections/connecting-gateway.fixture.ts';
import { EventListener } from './event-listener.fixture.ts';
import { randomOperation } from './random-operation.fixture.ts';
import { ServiceStandIn, type AskedCall, type StandInAnswer } from './service-stand-in.fixture.ts';
import { typeDefinitions } from './type-definitions.ts';

let services: ServiceStandIn;
let world: ConnectingGateway;
let one: Awaited<ReturnType<ConnectingGateway['tenant']>>;
let other: Awaited<ReturnType<ConnectingGateway['tenant']>>;
let shopId: string;
let listener: Consumer;
const acts: Array<EventData<typeof actRecorded>> = [];

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string(), status: z.number() }) })).optional(),
});

beforeAll(async () => {
  services = await ServiceStandIn.start();
  world = await ConnectingGateway.start(services.environment);
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: 'token', token_type: 'Bearer', expires_in: 600 } });
  [one, other] = await Promise.all([world.tenant(), world.tenant()]);
  const shop = { vendor: 'woocommerce', accountId: `https://${randomBytes(6).toString('hex')}.example.com`, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } };
  shopId = z.uuid().parse((await one.call('POST', '/v1/connections', shop)).body['id']);
  listener = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
  await listener.connect();
  await listener.subscribe({ topics: [world.topics.prefix + actRecorded.type], fromBeginning: true });
  await listener.run({ eachMessage: async ({ message }) => {
    acts.push(actRecorded.schema.parse(envelopeSchema.parse(JSON.parse(message.value?.toString() ?? '')).data));
  } });
}, 120_000);

afterAll(async () => {
  await listener.disconnect();
  await world.stop();
  await services.stop();
});

interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly scopes?: readonly string[];
  readonly tenantId?: string;
  /** In place of all of the body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(query: string, { variables, scopes = tenantScopeNames, tenantId = one.id, body, headers = {} }: Asking = {}) {
  const bearer = await world.issuer.sign({ claims: { aud: 'gateway', tenant: tenantId, scope: scopes.join(' ') } });
  const answer = await world.service.app.inject({
    method: 'POST', url: '/v1/graphql', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body ?? { query, variables }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: () => answerSchema.parse(answer.json()) };
}

/** The one error of an answer. */
function errorOf({ json }: Awaited<ReturnType<typeof ask>>): { message: string; code: string; status: number } | undefined {
  const [error] = json().errors ?? [];
  return error && { message: error.message, code: error.extensions.code, status: error.extensions.status };
}

function anOrder(at: number, id = randomUUID()) {
  const money = { amountMinor: 2935, currency: 'USD' };
  const source = { vendor: 'woocommerce', connectionId: shopId, externalId: String(at) };
  return {
    id, connectionId: shopId, externalId: String(at), status: 'processing', version: 1, modifiedAt: '2026-03-01T00:00:00.000Z', crm: { state: 'not_linked' },
    order: {
      source, modifiedAt: '2026-03-01T00:00:00.000Z', number: `N${at}`, status: 'processing', total: money, placedAt: '2026-03-01T00:00:00.000Z',
      customer: { email: 'ada@example.com', firstName: 'Ada' }, lines: [{ externalId: '1', name: 'Soap', quantity: 2, total: money }],
    },
  };
}

/** Orders of one tenant, by pages of what is asked for. */
function answerOrders(count: number, tenantId = one.id): void {
  const orders = Array.from({ length: count }, (_, at) => anOrder(at));
  services.answer = ({ path, tenantId: asking }: AskedCall): StandInAnswer => {
    const { searchParams, pathname } = new URL(path, 'http://service');
    if (asking !== tenantId || !pathname.startsWith('/v1/orders')) return { status: 404, body: { detail: 'There is no such order.' } };
    const named = orders.find(({ id }) => pathname === `/v1/orders/${id}`);
    if (named) return { body: named };
    if (pathname !== '/v1/orders') return { status: 404, body: { detail: 'There is no such order.' } };
    const begin = Number(searchParams.get('cursor') ?? 0);
    const end = begin + Number(searchParams.get('limit'));
    return { body: { items: orders.slice(begin, end), ...(end < count && { nextCursor: String(end) }) } };
  };
}

describe('the graph', () => {
  it('shows a tenant’s orders by pages, each once, with their shop', async () => {
    answerOrders(5);
    const query = 'query ($after: String) { orders(first: 2, after: $after) { nodes { number total { amountMinor currency } connection { id vendor } } pageInfo { hasNextPage endCursor } } }';
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const pageSchema = z.object({ orders: z.object({ nodes: z.array(z.object({ number: z.string(), total: z.object({ amountMinor: z.literal(2935), currency: z.literal('USD') }), connection: z.object({ id: z.literal(shopId), vendor: z.literal('woocommerce') }) })), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) }) });
      const { orders } = pageSchema.parse((await ask(query, { variables: { after } })).json().data);
      seen.push(...orders.nodes.map(({ number }) => number));
      if (!orders.pageInfo.hasNextPage) break;
      after = orders.pageInfo.endCursor ?? undefined;
    }
    expect(seen).toEqual(['N0', 'N1', 'N2', 'N3', 'N4']);
  });

  it('shows connections with their health, and nothing of another tenant’s', async () => {
    const query = 'query ($id: ID!) { connection(id: $id) { id health { state since budget { name kind unit windowSeconds granted used renewsAt } } } connections { nodes { id health { connectionId } } } }';
    const calls = { name: 'at-once', kind: 'slots', unit: 'calls', windowSeconds: null, granted: 10, used: expect.any(Number), renewsAt: null };
    expect((await ask(query, { variables: { id: shopId } })).json().data).toEqual({
      connection: { id: shopId, health: { state: expect.any(String), since: expect.any(String), budget: [calls] } }, connections: { nodes: [{ id: shopId, health: { connectionId: shopId } }] },
    });
    expect((await ask(query, { variables: { id: shopId }, tenantId: other.id })).json().data).toEqual({ connection: null, connections: { nodes: [] } });
  });

  it('has null for an order that is another tenant’s', async () => {
    const order = anOrder(7);
    services.answer = ({ tenantId }) => (tenantId === one.id ? { body: order } : { status: 404, body: { detail: 'There is no such order.' } });
    const query = 'query ($id: ID!) { order(id: $id) { number } }';
    expect((await ask(query, { variables: { id: order.id } })).json()).toMatchObject({ data: { order: { number: 'N7' } } });
    const foreign = (await ask(query, { variables: { id: order.id }, tenantId: other.id })).json();
    expect([foreign.data, foreign.errors]).toEqual([{ order: null }, undefined]);
  });
});

describe('a caller of the graph', () => {
  it('is known by the same credentials as everywhere, and has the same quota', async () => {
    const bare = await world.service.app.inject({ method: 'POST', url: '/v1/graphql', payload: { query: '{ __typename }' } });
    expect([bare.statusCode, bare.headers['content-type']]).toEqual([401, 'application/problem+json; charset=utf-8']);
    expect((await ask('{ __typename }', { headers: { 'x-crossdock-tenant': other.id } })).status).toBe(403);
    const answer = await ask('{ __typename }');
    expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, expect.stringContaining('"data":{"__typename":"Query"}'), 'no-store']);
    expect(answer.headers['ratelimit']).toMatch(/^"caller";r=\d+;t=\d+$/);
  });

  it('sees no field without its scope, and nothing is asked of a service for it', async () => {
    answerOrders(1);
    const asked = await services.callsOf(async (headers) => {
      const refused = await ask('{ orders { nodes { number customer { email } } } }', { scopes: ['orders:read'], headers });
      expect([refused.status, errorOf(refused)]).toEqual([403, { status: 403, code: 'the_caller_may_not_do_this', message: expect.stringContaining('personal:read') }]);
      expect(refused.text).not.toContain('ada@example.com');
    });
    expect(asked).toEqual([]);
    expect((await ask('{ orders { nodes { customer { email } } } }', { scopes: ['orders:read', 'personal:read'] })).text).toContain('ada@example.com');
  });
});

describe('an operation that asks for too much', () => {
  it.each([
    ['is too deep', `{ orders { nodes { crm ${'{ connection { health '.repeat(6)} { state } ${'} } '.repeat(6)} } } }`, 400, /query_too_deep|the_request_is_malformed/],
    ['is too costly', '{ a: orders(first: 100) { nodes { lines { total { currency } } } } b: orders(first: 100) { nodes { lines { total { currency } } } } c: orders(first: 100) { nodes { lines { total { currency } } } } d: orders(first: 100) { nodes { lines { total { currency } } } } e: orders(first: 100) { nodes { lines { total { currency } } } } }', 400, /query_too_costly/],
    ['has a flood of aliases', `{ ${Array.from({ length: 40 }, (_, at) => `a${at}: __typename`).join(' ')} }`, 400, /query_too_large/],
    ['has more tokens than anybody needs', `{ ${'a '.repeat(2_500)} }`, 400, /the_request_is_malformed/],
    ['is nested beyond the parser’s depth', `{ ${'a { '.repeat(900)} b ${'} '.repeat(900)} }`, 400, /query_too_deep|the_request_is_malformed/],
    ['asks for the graph’s own description', '{ __schema { types { name } } }', 400, /introspection_is_off/],
    ['is no GraphQL', '{ orders', 400, /the_request_is_malformed/],
    ['is a document in another form', JSON.stringify({ kind: 'Document', definitions: [] }), 400, /the_request_is_malformed/],
    ['asks for fields that there are not', '{ orders { nodes { secret } } }', 400, /the_request_is_malformed/],
  ])('is refused with its reason where it %s', async (_, query, status, code) => {
    const asked = await services.callsOf(async (headers) => {
      const answer = await ask(query, { headers });
      expect([answer.status, errorOf(answer)?.code]).toEqual([status, expect.stringMatching(code)]);
    });
    expect(asked).toEqual([]);
  });

  it('is answered where it is as large as is allowed', async () => {
    answerOrders(1);
    expect((await ask(`{ orders { nodes { ${'id '.repeat(490)} } } }`)).json()).toMatchObject({ data: { orders: { nodes: [{ id: expect.any(String) }] } } });
  });

  it('is refused where several are sent at once, or the request is no operation', async () => {
    expect(await ask('', { body: [{ query: '{ __typename }' }, { query: '{ __typename }' }] })).toMatchObject({ status: 422, text: expect.stringContaining('one operation a request') });
    expect((await ask('', { body: { query: 'x'.repeat(20_000) } })).status).toBe(422);
    expect((await ask('', { body: { query: '{ __typename }', tenantId: other.id } })).status).toBe(422);
    expect((await ask('', { body: { query: 'query A { __typename } query B { __typename }' } })).status).toBe(400);
    expect((await ask('', { body: { query: '{ x }', padding: 'x'.repeat(2_000_000) } })).status).toBe(413);
  });

  it('is refused where an argument is not what it should be', async () => {
    expect(errorOf(await ask('{ orders(first: 1000) { nodes { id } } }'))).toMatchObject({ code: 'invalid', status: 422 });
    expect(errorOf(await ask('{ order(id: "nonsense") { id } }'))).toMatchObject({ code: 'invalid', status: 422 });
    expect(await ask('query ($first: Int) { orders(first: $first) { nodes { id } } }', { variables: { first: 'many' } })).toMatchObject({ status: 400 });
  });
});

describe('what goes wrong behind the graph', () => {
  it('is told with the codes of problem documents, and nothing of the inside', async () => {
    services.answer = () => ({ status: 503, body: { detail: 'The database does not answer.' } });
    expect(errorOf(await ask('{ orders { nodes { id } } }'))).toEqual({ status: 503, code: 'temporarily_unavailable', message: 'The database does not answer.' });
    services.answer = () => ({ body: { items: [{ id: 'of another form', secret: 'hidden' }] } });
    const wrong = await ask('{ orders { nodes { id } } }');
    expect(errorOf(wrong)).toEqual({ status: 500, code: 'unexpected', message: 'The fault is on our side and has been recorded.' });
    expect(wrong.text).not.toMatch(/hidden|zod|stack|at .*\.ts/i);
  });
});

describe('what lies around many things', () => {
  it('is asked for by one question for each kind, however many there are', async () => {
    const hubspot = randomUUID();
    const orders = Array.from({ length: 30 }, (_, at) => ({ ...anOrder(at), crmOrderId: `d${at}`, crm: { state: 'in_step', connectionId: hubspot, contactId: `c${at % 3}` } }));
    const record = (object: string, externalId: string, associations: readonly string[], fields: unknown, id = randomUUID()) =>
      ({ id, object, fields, associations, updatedAt: '2026-03-01T00:00:00.000Z', accounts: [{ connectionId: hubspot, externalId, state: 'linked' }] });
    const company = record('company', 'k0', [], { name: 'Analytical Engines' });
    const contacts = Array.from({ length: 3 }, (_, at) => record('contact', `c${at}`, [company.id], { email: `ada${at}@example.com`, nickname: 'Countess' }));
    const deals = orders.map((_, at) => record('deal', `d${at}`, [contacts[at % 3]?.id ?? '', company.id], { name: `Deal ${at}`, status: 'won', amount: { amountMinor: 2935, currency: 'USD' } }));
    const records = [company, ...contacts, ...deals];
    const wantedSchema = z.object({ ids: z.array(z.string()).default([]), counterparts: z.array(z.object({ object: z.string(), externalId: z.string() })).default([]) });
    services.answer = ({ path, body }): StandInAnswer => {
      if (path.startsWith('/v1/orders?')) return { body: { items: orders } };
      if (path === '/v1/shipments/look-up') {
        return { body: { shipments: orders.slice(0, 10).map(({ id }) => ({ id: randomUUID(), kind: 'label', connectionId: shopId, status: 'delivered', statusSince: '2026-03-02T00:00:00.000Z', orderId: id, createdAt: '2026-03-01T00:00:00.000Z' })) } };
      }
      if (path === '/v1/orders/look-up') return { body: { items: orders } };
      if (path !== '/v1/golden-records/look-up') return { status: 404, body: { detail: 'There is no such thing.' } };
      const { ids, counterparts } = wantedSchema.parse(body);
      return { body: { items: records.filter(({ id, object, accounts }) => ids.includes(id) || counterparts.some((wanted) => wanted.object === object && wanted.externalId === accounts[0]?.externalId)) } };
    };
    const query = `{ orders(first: 30) { nodes {
      shipments { status order { number } }
      crm { contact { email custom } deal { name amount { amountMinor } contacts { email companies { name } } companies { name } } }
    } } }`;
    const calls = await services.callsOf(async (headers) => {
      const { data, errors } = (await ask(query, { headers })).json();
      expect(errors).toBeUndefined();
      const { orders: { nodes } } = z.object({ orders: z.object({ nodes: z.array(z.unknown()) }) }).parse(data);
      expect(nodes).toHaveLength(30);
      expect(nodes[4]).toEqual({
        shipments: [{ status: 'delivered', order: { number: 'N4' } }],
        crm: {
          contact: { email: 'ada1@example.com', custom: { nickname: 'Countess' } },
          deal: { name: 'Deal 4', amount: { amountMinor: 2935 }, contacts: [{ email: 'ada1@example.com', companies: [{ name: 'Analytical Engines' }] }], companies: [{ name: 'Analytical Engines' }] },
        },
      });
    });
    expect(calls.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`).sort()).toEqual([
      'GET /v1/orders', 'POST /v1/golden-records/look-up', 'POST /v1/golden-records/look-up', 'POST /v1/orders/look-up', 'POST /v1/shipments/look-up',
    ]);
  });
});

describe('a change by the graph', () => {
  const job = { id: randomUUID(), kind: 'hubspot.set_up', state: 'running', about: {}, acts: ['cancel'], done: 1, failed: 0, isCancelRequested: true, createdAt: '2026-03-01T00:00:00.000Z', updatedAt: '2026-03-01T00:00:00.000Z' };
  const cancel = `mutation ($id: ID!) { cancelJob(service: "crm-hubspot", id: $id) { id isCancelRequested } }`;

  it('is made once for an idempotency key, written down, and takes its scope', async () => {
    services.answer = () => ({ body: job });
    const asked = await services.callsOf(async (headers) => {
      expect((await ask(cancel, { variables: { id: job.id }, scopes: ['jobs:read'], headers })).status).toBe(403);
      for (const replayed of [undefined, 'true']) {
        const answer = await ask(cancel, { variables: { id: job.id }, headers: { ...headers, 'idempotency-key': 'cancel' } });
        expect([answer.status, answer.json().data, answer.headers['idempotency-replayed']]).toEqual([200, { cancelJob: { id: job.id, isCancelRequested: true } }, replayed]);
      }
    });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /v1/own-jobs/${job.id}/cancel`]);
    await eventually('the act is written down', async () => ['asked', 'done'].every((outcome) => acts.some((act) => act.action === 'GraphQL cancelJob' && act.outcome === outcome && act.record['id'] === job.id)), 60_000);
  });

  it('has the status of its refusal, may be sent again under its key, and goes alone', async () => {
    services.answer = () => ({ status: 409, body: { detail: 'The job has ended.' } });
    const send = () => ask(cancel, { variables: { id: job.id }, headers: { 'idempotency-key': 'again' } });
    const refused = await send();
    expect([refused.status, errorOf(refused)?.message]).toEqual([409, 'The job has ended.']);
    services.answer = () => ({ body: job });
    expect((await send()).status).toBe(200);
    const two = await ask(`mutation { a: cancelJob(service: "orders", id: "${job.id}") { id } b: cancelJob(service: "orders", id: "${job.id}") { id } }`);
    expect([two.status, errorOf(two)?.code]).toEqual([400, 'query_too_large']);
  });
});

describe('a report by the graph', () => {
  it('has what the attribution service answers for the same question, by pages', async () => {
    const money = { amountMinor: 100, currency: 'USD' };
    services.answer = ({ path }) => (path.startsWith('/v1/attribution/report') ? {
      body: {
        by: 'campaign', result: { settingsVersion: 1, dataVersion: 7, windowDays: 90, halfLifeDays: 7, markovOrder: 1 },
        rows: [{ key: 'spring', touches: 3, cost: [], credits: [{ model: 'linear', conversions: 1.5, revenue: [money] }] }], nextCursor: 'spring',
        unattributed: { conversions: 0, revenue: [] }, missingRates: [],
      },
    } : { body: { sent: 3, delivered: 2, withDeal: 1, withWonDeal: 1, wonDeals: 1, revenue: [money] } });
    const asked = await services.callsOf(async (headers) => {
      const query = '{ attribution { report(by: "campaign", models: ["linear", "markov"], from: "2026-03-01", first: 1) { dataVersion nodes { key touches credits { model conversions revenue { amountMinor } } } pageInfo { endCursor } } funnel { sent withWonDeal } } }';
      expect((await ask(query, { headers })).json()).toMatchObject({ data: { attribution: {
        report: { dataVersion: 7, nodes: [{ key: 'spring', touches: 3, credits: [{ model: 'linear', conversions: 1.5, revenue: [{ amountMinor: 100 }] }] }], pageInfo: { endCursor: 'spring' } },
        funnel: { sent: 3, withWonDeal: 1 },
      } } });
    });
    expect(asked.map(({ path }) => path).sort()).toEqual(['/v1/attribution/funnel', '/v1/attribution/report?by=campaign&from=2026-03-01&models=linear%2Cmarkov&limit=1']);
  });
});

const anyJob = { kind: 'hubspot.set_up', state: 'running', about: {}, acts: [], failed: 0, isCancelRequested: false, createdAt: '2026-03-01T00:00:00.000Z', updatedAt: '2026-03-01T00:00:00.000Z' };

describe('a subscription', () => {
  // Of each test its own: a stream that has ended may ask once more.
  let jobId = '';
  beforeEach(() => {
    jobId = randomUUID();
  });
  const jobAt = (done: number, endedAt?: string) => ({ ...anyJob, id: jobId, done, ...(endedAt !== undefined && { state: 'succeeded', endedAt }) });
  const jobQuery = 'subscription ($id: ID!) { job(service: "crm-hubspot", id: $id) { done state } }';
  const listen = (query: string, asking: Asking = {}) => ask(query, { ...asking, headers: { ...asking.headers, accept: 'text/event-stream' } });
  const eventsOf = (text: string) => [...text.matchAll(/event: (next|complete)\ndata: (.*)\n\n/g)].map(([, event, data = '']) => [event, data === '' ? undefined : answerSchema.parse(JSON.parse(data))] as const);

  it('tells how far a job is, once each, and completes with its end', async () => {
    const states = [jobAt(1), jobAt(1), jobAt(2), jobAt(3, '2026-03-01T00:01:00.000Z')];
    let looks = 0;
    services.answer = ({ path }) => (path.endsWith(jobId) ? { body: states[Math.min(looks++, states.length - 1)] } : { status: 404, body: { detail: 'There is no such job.' } });
    const answer = await listen(jobQuery, { variables: { id: jobId } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(eventsOf(answer.text)).toEqual([
      ['next', { data: { job: { done: 1, state: 'running' } } }], ['next', { data: { job: { done: 2, state: 'running' } } }],
      ['next', { data: { job: { done: 3, state: 'succeeded' } } }], ['complete', undefined],
    ]);
  });

  it('is refused like everything else: without its scope, too deep, and for what is another tenant’s', async () => {
    services.answer = ({ tenantId }) => (tenantId === one.id ? { body: jobAt(1) } : { status: 404, body: { detail: 'There is no such job.' } });
    expect((await listen(jobQuery, { variables: { id: jobId }, scopes: ['orders:read'] })).status).toBe(403);
    expect((await ask(jobQuery, { variables: { id: jobId } })).status).toBe(400);
    expect((await listen('{ __typename }')).status).toBe(400);
    expect((await listen('subscription { secret }')).status).toBe(400);
    expect((await listen(jobQuery, { variables: { id: jobId }, headers: { 'idempotency-key': 'listen' } })).status).toBe(400);
    const foreign = eventsOf((await listen(jobQuery, { variables: { id: jobId }, tenantId: other.id })).text);
    expect(foreign).toEqual([['next', { errors: [expect.objectContaining({ extensions: { code: 'not_found', status: 404 } })] }], ['complete', undefined]]);
    const health = eventsOf((await listen('subscription ($id: ID!) { connectionHealth(id: $id) { state } }', { variables: { id: shopId }, tenantId: other.id })).text);
    expect(health[0]?.[1]?.errors?.[0]?.extensions).toEqual({ code: 'not_found', status: 404 });
  });

  it('ends within seconds of its token’s running out, as the stream of REST does', async () => {
    services.answer = () => ({ body: jobAt(1) });
    const bearer = await world.issuer.sign({ claims: { aud: 'gateway', tenant: one.id, scope: 'jobs:read' }, expiresInSeconds: 2 });
    const begunMs = Date.now();
    const headers = { authorization: `Bearer ${bearer}` };
    const [graph, rest] = await Promise.all([
      world.service.app.inject({ method: 'POST', url: '/v1/graphql', headers: { ...headers, accept: 'text/event-stream' }, payload: { query: jobQuery, variables: { id: jobId } } }),
      world.service.app.inject({ url: `/v1/jobs/crm-hubspot/${jobId}/events`, headers }),
    ]);
    const events = eventsOf(graph.body);
    expect(events[0]).toEqual(['next', { data: { job: { done: 1, state: 'running' } } }]);
    expect(events.at(-2)?.[1]?.errors?.[0]?.extensions).toEqual({ code: 'the_caller_is_not_authenticated', status: 401 });
    expect([rest.statusCode, rest.body.match(/data: /g)?.length]).toEqual([200, 1]);
    // Without a look at the token itself it would be let in for half a minute longer, because clocks differ.
    expect(Date.now() - begunMs).toBeLessThan(25_000);
  });

  it('ends with its credential, although what it tells of goes on', async () => {
    services.answer = () => ({ body: jobAt(1) });
    const made = await one.call('POST', '/v1/api-keys', { name: 'Watching', scopes: ['connections:read', 'jobs:read'] });
    const { id, key } = z.object({ id: z.uuid(), key: z.string() }).parse(made.body);
    const stream = world.service.app.inject({
      method: 'POST', url: '/v1/graphql', headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' }, payload: { query: 'subscription ($id: ID!) { connectionHealth(id: $id) { state } }', variables: { id: shopId } },
    });
    const before = services.calls.length;
    const rest = world.service.app.inject({ url: `/v1/jobs/crm-hubspot/${jobId}/events`, headers: { authorization: `Bearer ${key}` } });
    await eventually('the stream of REST to be open', async () => services.calls.slice(before).some(({ path }) => path.endsWith(jobId)));
    const bearer = await world.issuer.sign({ claims: { aud: 'gateway', tenant: one.id, scope: 'api-keys:write' } });
    expect((await world.service.app.inject({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers: { authorization: `Bearer ${bearer}` } })).statusCode).toBe(204);
    const events = eventsOf((await stream).body);
    // The account may be probed meanwhile, which is news.
    expect(events[0]).toEqual(['next', { data: { connectionHealth: { state: expect.any(String) } } }]);
    expect(events.at(-2)?.[1]?.errors?.[0]?.extensions).toEqual({ code: 'the_caller_is_not_authenticated', status: 401 });
    expect(events.at(-1)).toEqual(['complete', undefined]);
    expect(await rest).toMatchObject({ statusCode: 200, body: expect.stringMatching(/^id: .*\ndata: .*\n\n$/) });
  });
});

describe('listeners at two gateways', () => {
  let gateways: readonly string[];
  let second: Awaited<ReturnType<ConnectingGateway['replica']>>;
  beforeAll(async () => {
    second = await world.replica();
    gateways = [await world.service.app.getUrl(), await second.app.getUrl()];
  });
  const listenAt = async (gateway: string | undefined, query: string, id: string, tenant: { readonly id: string } = one) =>
    EventListener.open(gateway ?? '', await world.issuer.sign({ claims: { aud: 'gateway', tenant: tenant.id, scope: 'jobs:read connections:read' } }), { query, variables: { id } });

  it('hear at each of them what one of them was told', async () => {
    const tenant = await world.tenant();
    const shop = { vendor: 'woocommerce', accountId: `https://${randomBytes(6).toString('hex')}.example.com`, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } };
    const id = z.uuid().parse((await tenant.call('POST', '/v1/connections', shop)).body['id']);
    const query = 'subscription ($id: ID!) { connectionHealth(id: $id) { state } }';
    const listeners = await Promise.all(gateways.map(async (gateway) => (await listenAt(gateway, query, id, tenant)).read()));
    await eventually('the state to be told by both', async () => listeners.every(({ text }) => text.includes('event: next')), 60_000);
    const bearer = await world.issuer.sign({ claims: { aud: 'gateway', tenant: tenant.id, scope: 'connections:write' } });
    const gone = await fetch(`${gateways[0]}/v1/connections/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${bearer}` } });
    expect(gone.ok).toBe(true);
    await eventually('both to tell the end', async () => listeners.every(({ hasEnded }) => hasEnded), 60_000);
    for (const { text } of listeners) expect(text).toMatch(/"state":"disconnected".*\n\nevent: complete\n/);
  }, 120_000);

  it('are cut off with the reason where they take nothing, without a heap in the gateway, while others hear all in time', async () => {
    const [slowId, quickId] = [randomUUID(), randomUUID()];
    const looks = new Map<string, number>();
    services.answer = ({ path }) => {
      const id = path.split('/').at(-1) ?? '';
      const done = (looks.get(id) ?? 0) + 1;
      looks.set(id, done);
      return { body: { ...anyJob, id, done, about: { text: 'x'.repeat(id === slowId ? 4_194_304 : 1) } } };
    };
    const query = 'subscription ($id: ID!) { job(service: "crm-hubspot", id: $id) { done about } }';
    const slow = await listenAt(gateways[1], query, slowId);
    const quick = (await listenAt(gateways[1], query, quickId)).read();
    const elsewhere = (await listenAt(gateways[0], query, quickId)).read();
    const cutOff = async (): Promise<unknown> => (await second.app.get(Registry).getSingleMetric('crossdock_slow_listeners_total')?.get())?.values[0]?.value;
    await eventually('the slow one to be cut off', async () => await cutOff() === 1, 120_000);
    // Soon: a connection on which nothing moves is closed half a minute later.
    slow.read();
    const looksForSlow = looks.get(slowId) ?? 0;
    await eventually('the slow one to hear the reason', async () => slow.hasEnded, 60_000);
    const told = ({ text }: EventListener): number => text.match(/event: next/g)?.length ?? 0;
    expect(slow.text.slice(-400)).toMatch(/"code":"listener_too_slow","status":408.*\n\nevent: complete\ndata: \n\n$/);
    expect(told(slow)).toBe(looksForSlow + 1);
    // The system holds some of what was told for the connection.
    expect(looksForSlow).toBeLessThan(20);
    const [before, beforeElsewhere] = [told(quick), told(elsewhere)];
    await eventually('the others to hear more', async () => told(quick) > before + 2 && told(elsewhere) > beforeElsewhere + 2, 60_000);
    expect(looks.get(slowId)).toBe(looksForSlow);
    expect([quick.hasEnded, elsewhere.hasEnded]).toEqual([false, false]);
    quick.stop();
    elsewhere.stop();
  }, 240_000);
});

describe('whatever is sent to the graph', () => {
  it('is answered soon, never as a fault of ours, and with nothing of another tenant’s', async () => {
    const schema = buildSchema(typeDefinitions);
    const foreign = anOrder(1);
    foreign.order.number = 'of another tenant';
    services.answer = ({ tenantId, path, method }): StandInAnswer => {
      if (tenantId === other.id) return { body: foreign };
      return method === 'GET' && path.startsWith('/v1/orders?') ? { body: { items: [anOrder(2)] } } : { status: 404, body: { detail: 'There is no such thing.' } };
    };
    const bearer = await world.issuer.sign({ claims: { aud: 'gateway', tenant: one.id, scope: tenantScopeNames.join(' ') } });
    const send = async (body: unknown) => {
      const answer = await world.service.app.inject({ method: 'POST', url: '/v1/graphql', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }, payload: JSON.stringify(body) });
      expect({ body, status: answer.statusCode < 500, text: answer.body }).toEqual({ body, status: true, text: expect.not.stringMatching(/internal_error|unexpected|node_modules|\bat .*:\d+:\d+/) });
      expect(answer.body).not.toContain(foreign.order.number);
    };
    const before = services.calls.length;
    const operation = fc.array(fc.nat(1_000), { minLength: 5, maxLength: 80 }).map((choices) => randomOperation(schema, choices, [foreign.id, other.id, shopId]));
    const body = fc.oneof(
      { weight: 6, arbitrary: fc.record({ query: operation, variables: fc.option(fc.dictionary(fc.constantFrom('v', '__proto__', 'first'), fc.jsonValue())) }) },
      { weight: 1, arbitrary: fc.record({ query: fc.string({ unit: 'binary', maxLength: 200 }) }) }, { weight: 1, arbitrary: fc.jsonValue() },
    );
    await fc.assert(fc.asyncProperty(body, (sent) => send(sent)), { numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false });
    expect(services.calls.slice(before).filter(({ tenantId }) => tenantId !== one.id)).toEqual([]);
  }, 120_000);
});
