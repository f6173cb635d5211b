import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { aimAt, operations, SecurityWorld, type Operation } from './security-world.fixture.ts';

/** Attacks on tenancy and access that must fail; the numbers are those of the list in docs/security.md. */
let world: SecurityWorld;
let attacker: Awaited<ReturnType<SecurityWorld['tenant']>>;
let victim: Awaited<ReturnType<SecurityWorld['victim']>>;

beforeAll(async () => {
  world = await SecurityWorld.start();
  [attacker, victim] = [await world.tenant(), await world.victim()];
}, 180_000);

afterAll(async () => {
  await world.stop();
});

const lineSchema = z.object({ service: z.string(), table: z.string().optional(), row: z.record(z.string(), z.unknown()).optional(), unavailable: z.boolean().optional() });

/** Bodies that would do something, so that an attack is not stopped by its form. */
const bodies: Readonly<Record<string, unknown>> = {
  'PUT /v1/connections/{id}/secrets': { credentials: { access_token: 'stolen' } },
  'POST /v1/connections/{id}/reconnect': { settings: {} },
  'POST /v1/connections/{id}/records/{object}/search': { field: 'email', values: ['a@example.com'] },
  'POST /v1/connections/{id}/mappings/{object}/roll-back': { version: 0 },
  'PUT /v1/connections/{id}/mappings/{object}': { fields: [] },
  'POST /v1/syncs/{id}/errors/retry': {},
  'POST /v1/sample-kits/{sku}/stock': { change: 5 },
};

const bodyOf = ({ method, path }: Operation): unknown => bodies[`${method} ${path}`] ?? (method === 'GET' || method === 'DELETE' ? undefined : {});
const withKey = { 'idempotency-key': 'attack', 'if-match': '"mapping-0"' };

describe('45 every route with another tenant’s identifiers', () => {
  const aimed = operations.filter(({ path, isForOperators }) => path.includes('{') && !isForOperators);

  it('is there to be attacked', () => {
    expect(aimed.length).toBeGreaterThan(50);
  });

  it.each(aimed.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))('%s does nothing and tells nothing', async (_, operation) => {
    const { status, text } = await world.send(attacker.token, operation.method, aimAt(operation, victim.ids), bodyOf(operation), withKey);
    const isNothing = (status >= 400 && status < 500) || (operation.method === 'GET' && text === '{"items":[]}');
    expect({ isNothing, text }).toEqual({ isNothing: true, text: expect.not.stringContaining(victim.mark) });
  });

  it('lists nothing of the victim’s', async () => {
    for (const { method, path } of operations.filter((each) => each.method === 'GET' && !each.path.includes('{') && !each.isForOperators)) {
      const { text } = await world.send(attacker.token, method, path);
      expect({ path, text }).toEqual({ path, text: expect.not.stringContaining(victim.mark) });
      for (const id of Object.values(victim.ids)) expect(text).not.toContain(id);
    }
  });

  it('left the victim’s things as they were', async () => {
    for (const [path, id] of [['connections', victim.ids.hubspot], ['shipments', victim.ids.shipment], ['syncs', victim.ids.sync], ['orders', victim.ids.order], ['sample-kits', victim.ids.sku]] as const) {
      expect({ path, status: (await world.send(victim.token, 'GET', `/v1/${path}/${id}`)).status }).toEqual({ path, status: 200 });
    }
    const kit = await world.send(victim.token, 'GET', `/v1/sample-kits/${victim.ids.sku}`);
    expect(JSON.parse(kit.text)).toMatchObject({ onHand: 0 });
    expect((await world.send(victim.token, 'GET', '/v1/api-keys')).text).toContain('"revokedAt":null');
  });
});

describe('45 what operators may', () => {
  it('is closed to tenants, on every route, and tenants’ routes are closed to operators', async () => {
    const operator = await world.token({ scope: 'tenants:manage operations:read operations:write' });
    for (const operation of operations) {
      const url = aimAt(operation, victim.ids);
      const [byTenant, byOperator] = [
        await world.send(attacker.token, operation.method, url, bodyOf(operation), withKey), await world.send(operator, operation.method, url, bodyOf(operation), withKey),
      ];
      const wrong = operation.isForOperators ? byTenant : byOperator;
      expect({ operation: `${operation.method} ${operation.path}`, status: wrong.status }).toEqual({ operation: `${operation.method} ${operation.path}`, status: 403 });
      if (operation.isForOperators && operation.method === 'DELETE') expect(byOperator.status).toBeLessThan(500);
    }
  });
});

describe('46 a token of one tenant', () => {
  it('is refused at the domain of another, at a page of another, and with the name of another', async () => {
    const operator = await world.token({ scope: 'tenants:manage' });
    const domain = `${randomBytes(6).toString('hex')}.example.com`;
    expect((await world.send(operator, 'PUT', `/v1/tenants/${victim.id}/domains/${domain}`)).status).toBe(204);
    for (const headers of [{ host: domain }, { origin: `https://${domain}` }, { 'x-crossdock-tenant': victim.id }]) {
      expect((await world.send(attacker.token, 'GET', '/v1/connections', undefined, headers)).status).toBe(403);
    }
    expect((await world.send(victim.token, 'GET', '/v1/connections', undefined, { host: domain, origin: `https://${domain}`, 'x-crossdock-tenant': victim.id })).status).toBe(200);
  });
});

describe('48 members that are not the caller’s to set', () => {
  it('are refused in every body that makes something', async () => {
    const sneaked = { tenantId: victim.id, tenant_id: victim.id, state: 'healthy', role: 'admin', id: randomUUID() };
    const wishes = [
      ['/v1/api-keys', { name: 'Mine', scopes: ['orders:read'] }], ['/v1/lead-forms', { name: 'Mine', allowedOrigins: ['https://www.example.com'] }],
      ['/v1/connections', { vendor: 'hubspot', accountId: '1', credentials: { access_token: 'a' } }], ['/v1/syncs', { name: 'Mine', object: 'contact', sides: [] }],
    ] as const;
    for (const [url, wish] of wishes) {
      for (const [member, value] of Object.entries(sneaked)) {
        expect({ url, member, status: (await world.send(attacker.token, 'POST', url, { ...wish, [member]: value })).status }).toEqual({ url, member, status: 422 });
      }
    }
  });
});

describe('11 and 49 input that is meant to break something', () => {
  it.each([
    ['arrays that lie very deep in each other', '['.repeat(5_000) + ']'.repeat(5_000), 400],
    ['a prototype', '{"__proto__":{"tenantId":"x"},"name":"Mine","scopes":["orders:read"]}', 400],
    ['a constructor', '{"constructor":{"prototype":{"x":1}},"name":"Mine","scopes":["orders:read"]}', 400],
    ['a character that no database holds', '{"name":"a\\u0000","scopes":["orders:read"]}', 422],
    ['what is no object', '"text"', 422],
    ['what is no JSON', '{"name":', 400],
  ])('is answered as a problem: %s', async (_, text, status) => {
    const answer = await world.send(attacker.token, 'POST', '/v1/api-keys', text);
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text: expect.not.stringMatching(/node_modules|QueryFailed|SELECT /) });
  });

  it('is answered as a problem in tokens, webhooks, callbacks, addresses and headers', async () => {
    const word = fc.string({ maxLength: 300 });
    const header = fc.stringMatching(/^[\x20-\x7e]{0,300}$/);
    const seed = Date.now();
    await fc.assert(fc.asyncProperty(fc.constantFrom('token', 'webhook', 'callback', 'address', 'query', 'tenant', 'key'), word, header, async (kind, text, value) => {
      const encoded = encodeURIComponent(text.toWellFormed());
      const answer = await {
        token: () => world.send(value, 'GET', '/v1/connections'),
        webhook: () => world.send(undefined, 'POST', `/webhooks/hubspot?${encoded}`, text, { 'x-hubspot-signature-v3': value, 'x-hubspot-request-timestamp': value }),
        callback: () => world.send(undefined, 'GET', `/oauth/callback?state=${encoded}&code=${encoded}&state=${encoded}`, undefined, { cookie: value }),
        address: () => world.send(attacker.token, 'GET', `/v1/connections/${encoded}/health`),
        query: () => world.send(attacker.token, 'GET', `/v1/orders?cursor=${encoded}&limit=${encoded}`),
        tenant: () => world.send(attacker.token, 'GET', '/v1/connections', undefined, { 'x-crossdock-tenant': value }),
        key: () => world.send(attacker.token, 'POST', '/v1/lead-forms', {}, { 'idempotency-key': value }),
      }[kind]();
      expect(answer.status).not.toBe(500);
      expect(answer.text).not.toMatch(/node_modules|at .+\.(ts|js):\d+|QueryFailed|SELECT /);
    }), { seed, numRuns: 300, interruptAfterTimeLimit: 20_000 });
  });
});

describe('60 what is handed over of a tenant', () => {
  it('is all that services hold of it, without secrets, and nothing of others', async () => {
    const operator = await world.token({ scope: 'tenants:manage' });
    const [own, others] = await Promise.all([victim.id, attacker.id].map(async (id) => (await world.send(operator, 'GET', `/v1/tenants/${id}/export`)).text));
    const lines = (own ?? '').trim().split('\n').map((line) => lineSchema.parse(JSON.parse(line)));
    for (const [service, table] of [['gateway', 'api_key'], ['gateway', 'connection'], ['orders', 'customer_order'], ['shipping', 'shipment'], ['sync', 'sync'], ['attribution', 'touch']]) {
      expect({ service, table, found: lines.some((line) => line.service === service && line.table === table) }).toEqual({ service, table, found: true });
    }
    expect(own).not.toMatch(/secret_hash|ciphertext|consumer_secret/);
    expect([others?.includes(victim.mark), others?.includes(victim.id), others?.includes(attacker.id)]).toEqual([false, false, true]);
    expect(lines.filter(({ unavailable }) => unavailable === true).map(({ service }) => service).sort()).toEqual(['auth-sso', 'crm-dynamics', 'crm-pipedrive', 'crm-salesforce', 'crm-zoho', 'journal']);
  });
});

describe('63 what is nobody’s business', () => {
  it('is served nowhere: no debug routes, no banners, no stack traces', async () => {
    for (const url of ['/metrics', '/health', '/health/ready', '/debug', '/.env', '/.git/config', '/graphql', '/v1/own-jobs/../tenants', '/actuator', '/swagger']) {
      expect({ url, status: (await world.send(undefined, 'GET', url)).status }).toEqual({ url, status: url.startsWith('/v1/') ? 401 : 404 });
    }
    const { headers, text } = await world.send(attacker.token, 'GET', `/v1/orders/${randomUUID()}`);
    expect([headers['server'], headers['x-powered-by']]).toEqual([undefined, undefined]);
    expect(text).not.toMatch(/fastify|nest|node|\.ts:/i);
  });
});
