import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import { ConnectingGateway } from '../connections/connecting-gateway.fixture.ts';
import { interfacePageExample } from '../interface/interface-page.ts';
import { openApiDocument } from '../interface/openapi.document.ts';

const quota = 200;
/** The service of HubSpot accounts, as far as a look-up goes: it answers, or is away. It also tells, in place of the sync service, what waits for a decision. */
const crm = createServer(({ url = '' }, response) => {
  if (url.includes('/v1/syncs/')) {
    const items = [{ field: 'email', ours: 'ada@example.com', theirs: 'a@example.com', expected: 'ada@example.com', found: 'a@example.com' }, { field: 'country', ours: 'GB', theirs: 'FR', expected: 'GB', found: 'FR' }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
    return;
  }
  response.writeHead(isCrmAway ? 503 : 200, { 'content-type': 'application/json', ...(isCrmAway && { 'retry-after': '7' }) }).end(JSON.stringify(isCrmAway ? { code: 'transient', detail: 'away' } : { records: [ada] }));
});
const record = { object: 'contact', externalId: '1', modifiedAt: '2026-03-10T09:31:12.480Z', associations: [{ object: 'company', externalId: '88' }] };
const ada = { ...record, fields: { email: 'ada@example.com', country: 'GB' }, custom: { favourite_tea: 'Green tea' } };
/** As who sees no people's data is told of her. */
const somebody = { ...record, fields: { country: 'GB' } };
let isCrmAway = false;
let world: ConnectingGateway;
let one: Awaited<ReturnType<ConnectingGateway['tenant']>>;
let other: Awaited<ReturnType<ConnectingGateway['tenant']>>;

beforeAll(async () => {
  crm.listen(0, '127.0.0.1');
  await once(crm, 'listening');
  const { port } = crm.address() as AddressInfo;
  world = await ConnectingGateway.start({ CALLER_REQUESTS_PER_MINUTE: String(quota), CRM_HUBSPOT_URL: `http://127.0.0.1:${port}`, SYNC_URL: `http://127.0.0.1:${port}` });
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: 'token', token_type: 'Bearer', expires_in: 600 } });
  [one, other] = await Promise.all([world.tenant(), world.tenant()]);
}, 120_000);

afterAll(async () => {
  await world.stop();
  crm.closeAllConnections();
  await new Promise((resolve) => {
    crm.close(resolve);
  });
});

const scope = 'tenant:any connections:read connections:write records:read syncs:read syncs:write api-keys:write';

async function send(tenant: { readonly id: string }, request: {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'OPTIONS'; readonly url: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>;
}) {
  const bearer = await world.issuer.sign({ claims: { aud: 'gateway', scope } });
  const { method = 'GET', url, body, headers = {} } = request;
  const answer = await world.service.app.inject({
    method, url,
    headers: { authorization: `Bearer ${bearer}`, 'x-crossdock-tenant': tenant.id, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

/** Asks until it is refused, past the end of a window where one begins meanwhile; few at once, so that none waits long for the database. */
async function askAgainAndAgain(ask: () => Promise<number>): Promise<number[]> {
  const statuses: number[] = [];
  while (!statuses.includes(429) && statuses.length < quota * 10) statuses.push(...await Promise.all(Array.from({ length: 20 }, ask)));
  return statuses;
}

describe('a call with an idempotency key', () => {
  const form = (name: string) => ({ name, allowedOrigins: ['https://www.example.com'] });
  const make = (tenant: { readonly id: string }, key: string, body: unknown) => send(tenant, { method: 'POST', url: '/v1/lead-forms', body, headers: { 'idempotency-key': key } });
  const formsOf = async (tenant: { readonly id: string }): Promise<number> =>
    z.object({ items: z.array(z.unknown()) }).parse(JSON.parse((await send(tenant, { url: '/v1/lead-forms' })).text)).items.length;

  it('is made once, and a repeat gets the first answer', async () => {
    const tenant = await world.tenant();
    const first = await make(tenant, 'a', form('Spring'));
    const again = await make(tenant, 'a', form('Spring'));
    expect([first.status, again.status, again.headers['idempotency-replayed'], await formsOf(tenant)]).toEqual([201, 201, 'true', 1]);
    expect(again.text).toBe(first.text);
    expect((await make(other, 'a', form('Spring'))).headers['idempotency-replayed']).toBeUndefined();
  });

  it('is made once however many come at the same moment', async () => {
    const tenant = await world.tenant();
    const answers = await Promise.all(Array.from({ length: 20 }, () => make(tenant, 'b', form('Summer'))));
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(answers.filter(({ status, headers }) => status === 201 && headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(answers.filter(({ status, text }) => status === 409 && !text.includes('idempotency_key_in_use'))).toEqual([]);
    expect(await formsOf(tenant)).toBe(1);
  });

  it('is refused with 422 where the key stands for another request, and may be mended under its key where it was refused', async () => {
    const tenant = await world.tenant();
    expect((await make(tenant, 'c', { name: '' })).status).toBe(422);
    expect((await make(tenant, 'c', form('Autumn'))).status).toBe(201);
    expect(await make(tenant, 'c', form('Winter'))).toMatchObject({ status: 422, text: expect.stringContaining('idempotency_key_reused') });
    expect((await make(tenant, 'no blanks', form('Winter'))).status).toBe(422);
  });

  it('shows a secret once, and keeps none', async () => {
    const key = () => send(one, { method: 'POST', url: '/v1/api-keys', body: { name: 'Once', scopes: ['syncs:read'] }, headers: { 'idempotency-key': 'secret' } });
    const made = z.object({ key: z.string() }).parse(JSON.parse((await key()).text));
    expect(await key()).toMatchObject({ status: 409, text: expect.stringContaining('answer_shown_once') });
    const kept = await world.admin.query<unknown[]>('SELECT row_to_json(idempotent_call)::text AS text FROM idempotent_call');
    expect(JSON.stringify(kept)).not.toContain(made.key.slice(-20));
  });
});

describe('what was read', () => {
  it('has a tag by which it is not sent again while nothing has changed, and is kept by nobody else', async () => {
    const read = (tag?: string) => send(one, { url: '/v1/connections', headers: tag === undefined ? {} : { 'if-none-match': tag } });
    const first = await read();
    const tag = String(first.headers.etag);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect(await read(tag)).toMatchObject({ status: 304, text: '' });
    expect((await read(`"other", ${tag}`)).status).toBe(304);
    const shop = { vendor: 'woocommerce', accountId: `https://${randomBytes(6).toString('hex')}.example.com`, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } };
    expect((await send(one, { method: 'POST', url: '/v1/connections', body: shop })).status).toBe(201);
    expect((await read(tag)).status).toBe(200);
  });
});

describe('a caller’s quota', () => {
  it('is told with each answer, refuses what is beyond it, and is no other tenant’s', async () => {
    const tenant = await world.tenant();
    const first = await send(tenant, { url: '/v1/connections' });
    expect(first.headers['ratelimit-policy']).toBe(`"caller";q=${quota};w=60`);
    expect(first.headers['ratelimit']).toMatch(/^"caller";r=\d+;t=\d+$/);
    const statuses = await askAgainAndAgain(async () => (await send(tenant, { url: '/v1/connections' })).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const bearer = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenants:manage' } });
    expect((await world.service.app.inject({ url: '/v1/tenants', headers: { authorization: `Bearer ${bearer}` } })).statusCode).toBe(200);
    expect((await send(other, { url: '/v1/connections' })).status).toBe(200);
  });
});

describe('a look-up in an account', () => {
  it('is answered from a short time ago where the caller allows it or the account is away, and says so', async () => {
    isCrmAway = false;
    const hubspot = { vendor: 'hubspot', accountId: String(Date.now()), credentials: { access_token: 'a', refresh_token: 'r' } };
    const { id } = z.object({ id: z.uuid() }).parse(JSON.parse((await send(one, { method: 'POST', url: '/v1/connections', body: hubspot })).text));
    const search = (values: readonly string[], query = '') =>
      send(one, { method: 'POST', url: `/v1/connections/${id}/records/contact/search${query}`, body: { field: 'email', values } });
    expect(JSON.parse((await search(['ada@example.com'])).text)).toEqual({ records: [somebody] });
    isCrmAway = true;
    const cached = await search(['ada@example.com'], '?maxAgeSeconds=60');
    expect([cached.status, JSON.parse(cached.text)]).toEqual([200, { records: [somebody], asOf: expect.any(String) }]);
    const stale = await search(['ada@example.com']);
    expect([stale.status, JSON.parse(stale.text), stale.headers['age']]).toEqual([200, { records: [somebody], stale: true, asOf: expect.any(String) }, expect.stringMatching(/^\d+$/)]);
    // The service's own code, and how long it asks to wait.
    expect(await search(['grace@example.com'])).toMatchObject({ status: 503, text: expect.stringContaining('"code":"transient"'), headers: { 'retry-after': '7' } });
  });
});

describe('a look-up, which goes a shorter way than other calls,', () => {
  const body = { field: 'email', values: ['ada@example.com'] };
  let url = '';

  beforeAll(async () => {
    isCrmAway = false;
    const hubspot = { vendor: 'hubspot', accountId: String(Date.now()), credentials: { access_token: 'a', refresh_token: 'r' } };
    const { id } = z.object({ id: z.uuid() }).parse(JSON.parse((await send(one, { method: 'POST', url: '/v1/connections', body: hubspot })).text));
    url = `/v1/connections/${id}/records/contact/search`;
  });

  const problem = { type: 'about:blank', code: expect.any(String), title: expect.any(String), detail: expect.any(String) };
  const post = async (headers: Readonly<Record<string, string>>, path = url) => {
    const answer = await world.service.app.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/json', ...headers }, payload: JSON.stringify(body) });
    return { status: answer.statusCode, answer: z.looseObject({}).parse(JSON.parse(answer.body)), type: answer.headers['content-type'], headers: answer.headers };
  };
  const bearer = async (claims: Readonly<Record<string, unknown>>): Promise<{ authorization: string }> => ({ authorization: `Bearer ${await world.issuer.sign({ claims: { aud: 'gateway', ...claims } })}` });

  it('is held to the same rule, tenant and form as they are', async () => {
    expect(await post({})).toMatchObject({ status: 401, answer: { status: 401, ...problem }, headers: { 'www-authenticate': 'Bearer realm="crossdock"' } });
    expect(await post({ authorization: 'Bearer x.y.z' })).toMatchObject({ status: 401, answer: problem });
    expect(await post(await bearer({ scope: 'orders:read', tenant: one.id }))).toMatchObject({ status: 403, answer: problem, headers: { 'www-authenticate': expect.stringContaining('insufficient_scope') } });
    expect(await post(await bearer({ scope: 'records:read', tenant: other.id }))).toMatchObject({ status: 404, answer: problem });
    expect(await post({ ...await bearer({ scope: 'records:read', tenant: one.id }), 'x-crossdock-tenant': other.id })).toMatchObject({ status: 403, answer: problem });
    expect(await post(await bearer({ scope: 'records:read', tenant: one.id }), '/v1/connections/none/records/contact/search')).toMatchObject({ status: 422, answer: problem, type: expect.stringContaining('application/problem+json') });
  });

  it('is answered alike on both ways, without people’s data where the caller may not see them, and with the caller’s quota', async () => {
    const caller = await bearer({ scope: 'records:read', tenant: one.id, sub: 'look-up' });
    const [short, long] = [await post(caller), await post({ ...caller, 'idempotency-key': randomUUID() })];
    expect([short.status, short.answer, short.type]).toEqual([200, { records: [somebody] }, 'application/json; charset=utf-8']);
    expect([long.status, long.answer, long.type]).toEqual([short.status, short.answer, short.type]);
    for (const { headers } of [short, long]) {
      expect(headers).toMatchObject({ 'ratelimit-policy': `"caller";q=${quota};w=60`, ratelimit: expect.stringMatching(/^"caller";r=\d+;t=\d+$/), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    }
    const whole = { records: [ada] };
    const trusted = await bearer({ scope: 'records:read personal:read', tenant: one.id });
    expect([(await post(trusted)).answer, (await post({ ...trusted, 'idempotency-key': randomUUID() })).answer]).toEqual([whole, whole]);
    const statuses = await askAgainAndAgain(async () => (await post(caller)).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it('answers as the interface describes it, from the account, from memory, and while the account is away', async () => {
    const described = describedLookUpAnswer();
    expect(described.safeParse({ records: [{ id: '1' }] }).success).toBe(false);
    for (const scopes of ['records:read', 'records:read personal:read']) {
      const caller = await bearer({ scope: scopes, tenant: one.id, sub: `described ${scopes}` });
      const fresh = await post(caller);
      const remembered = await post(caller, `${url}?maxAgeSeconds=600`);
      isCrmAway = true;
      const stale = await post(caller).finally(() => {
        isCrmAway = false;
      });
      expect([fresh, remembered, stale].map(({ status, answer }) => [status, answer['asOf'] !== undefined, answer['stale']])).toEqual([[200, false, undefined], [200, true, undefined], [200, true, true]]);
      for (const { answer } of [fresh, remembered, stale]) expect(described.safeParse(answer).error).toBeUndefined();
    }
  });

  it('is refused to a key that was revoked and for a tenant that was suspended, although both were let in just before', async () => {
    const tenant = await world.tenant();
    const made = await send(tenant, { method: 'POST', url: '/v1/api-keys', body: { name: 'Look-ups', scopes: ['records:read'] } });
    const { id, key } = z.object({ id: z.uuid(), key: z.string() }).parse(JSON.parse(made.text));
    const lookUp = async () => await post({ authorization: `Bearer ${key}` });
    // The account is another tenant's: the caller was let in, and finds nothing.
    expect((await lookUp()).status).toBe(404);
    const operator = { authorization: `Bearer ${await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenants:manage' } })}` };
    const change = (what: string) => world.service.app.inject({ method: 'POST', url: `/v1/tenants/${tenant.id}/${what}`, headers: operator });
    await change('suspend');
    await eventually('the suspension is known', async () => (await lookUp()).answer['code'] === 'tenant_suspended');
    await change('resume');
    await eventually('the tenant may look up again', async () => (await lookUp()).status === 404);
    await send(tenant, { method: 'DELETE', url: `/v1/api-keys/${id}` });
    await eventually('the key is refused', async () => (await lookUp()).status === 401);
  });
});

/** What the document that the gateway serves says of the answer to a look-up. */
function describedLookUpAnswer(): z.ZodType {
  const text = JSON.stringify(openApiDocument).replaceAll('#/components/schemas/', '#/$defs/');
  const media = z.object({ 'application/json': z.object({ schema: z.looseObject({}) }) });
  const { paths, components } = z.object({
    paths: z.object({ '/v1/connections/{id}/records/{object}/search': z.object({ post: z.object({ responses: z.object({ 200: z.object({ content: media }) }) }) }) }),
    components: z.object({ schemas: z.object({ FoundRecord: z.looseObject({}) }) }),
  }).parse(JSON.parse(text));
  const { schema } = paths['/v1/connections/{id}/records/{object}/search'].post.responses[200].content['application/json'];
  return z.fromJSONSchema({ ...schema, $defs: { FoundRecord: components.schemas.FoundRecord }, $schema: 'https://json-schema.org/draft/2020-12/schema' });
}

const tenantRun = '0198f000-0000-7000-8000-000000000001';

describe('fields of a sync that wait for a decision or were found to differ', () => {
  it.each(['conflicts', `runs/${tenantRun}/differences`])('tell no values of people’s where the caller may not see them: %s', async (list) => {
    const fields = async (scopes: string): Promise<unknown> => {
      const bearer = await world.issuer.sign({ claims: { aud: 'gateway', scope: scopes, tenant: one.id } });
      return JSON.parse((await world.service.app.inject({ url: `/v1/syncs/${randomUUID()}/${list}`, headers: { authorization: `Bearer ${bearer}` } })).body);
    };
    const shown = JSON.stringify(await fields('syncs:read'));
    expect(shown).not.toContain('ada@example.com');
    expect(await fields('syncs:read')).toMatchObject({ items: [{ field: 'email' }, { field: 'country', ours: 'GB', theirs: 'FR' }] });
    expect(JSON.stringify(await fields('syncs:read personal:read'))).toContain('ada@example.com');
  });
});

describe('a page of a tenant’s', () => {
  it('may call from a browser at the tenant’s own domain, and for no other tenant', async () => {
    const domain = `${randomBytes(6).toString('hex')}.example.com`;
    const operator = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenants:manage' } });
    await world.service.app.inject({ method: 'PUT', url: `/v1/tenants/${one.id}/domains/${domain}`, headers: { authorization: `Bearer ${operator}` } });
    const origin = `https://${domain}`;
    const preflight = (from: string) => world.service.app.inject({ method: 'OPTIONS', url: '/v1/connections', headers: { origin: from, 'access-control-request-method': 'POST' } });
    const allowed = await preflight(origin);
    expect([allowed.statusCode, allowed.headers['access-control-allow-origin'], allowed.headers['access-control-allow-credentials']]).toEqual([204, origin, undefined]);
    for (const foreign of ['https://evil.example', `http://${domain}`, `https://${domain}.evil.example`, `https://${domain}:8443`, 'null']) {
      expect((await preflight(foreign)).headers['access-control-allow-origin']).toBeUndefined();
    }
    const own = await send(one, { url: '/v1/connections', headers: { origin } });
    expect([own.status, own.headers['access-control-allow-origin'], own.headers.vary]).toEqual([200, origin, 'Origin']);
    expect((await send(other, { url: '/v1/connections', headers: { origin } })).status).toBe(403);
  });
});

describe('credentials that do not hold', () => {
  it('are answered with 429 after too many of one address', async () => {
    const guess = () => world.service.app.inject({ url: '/v1/connections', headers: { authorization: 'Bearer crossdock_0123456789abcdef_guess' }, remoteAddress: '192.0.2.77' });
    const statuses = await Promise.all(Array.from({ length: 200 }, async () => (await guess()).statusCode));
    expect(statuses).toContain(401);
    const rested = await guess();
    expect([rested.statusCode, Number(rested.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    expect((await send(one, { url: '/v1/connections' })).status).toBe(200);
  });
});

describe('the interface’s description', () => {
  it('is open to everybody, as a document and as a page that runs and loads nothing', async () => {
    const document = await world.service.app.inject({ url: '/v1/openapi.json' });
    expect([document.statusCode, z.object({ openapi: z.literal('3.1.0') }).safeParse(document.json()).success]).toEqual([200, true]);
    expect((await world.service.app.inject({ url: '/v1/openapi.json', headers: { 'if-none-match': String(document.headers.etag) } })).statusCode).toBe(304);
    const page = await world.service.app.inject({ url: '/v1/docs' });
    expect(page.body).toContain('/v1/shipments');
    expect(page.body.startsWith(interfacePageExample.split('<h2>')[0] ?? 'no page')).toBe(true);
    expect(page.body).not.toMatch(/<script|<link|src=|href="http|url\(|@import/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const catalogue = await world.service.app.inject({ url: '/v1/catalogue' });
    expect([catalogue.statusCode, catalogue.headers['content-type'], catalogue.body.includes('commerce.order.received.v1')]).toEqual([200, 'text/html; charset=utf-8', true]);
    expect((await world.service.app.inject({ url: '/v1/catalogue.json' })).json()).toMatchObject({ events: expect.any(Array), endpoints: expect.any(Array) });
  });
});
