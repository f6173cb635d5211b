import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionEnded } from '@crossdock/contracts';
import { EventPublisher, OutboxRelay } from '@crossdock/event-bus';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import { ConnectingGateway } from '../connections/connecting-gateway.fixture.ts';
import { TenantRepository } from '../tenants/tenant.repository.ts';

let world: ConnectingGateway;
let one: Awaited<ReturnType<ConnectingGateway['tenant']>>;
let other: Awaited<ReturnType<ConnectingGateway['tenant']>>;

beforeAll(async () => {
  world = await ConnectingGateway.start();
  [one, other] = await Promise.all([world.tenant(), world.tenant()]);
}, 120_000);

afterAll(async () => {
  await world.stop();
});

const madeSchema = z.object({ id: z.uuid(), key: z.string(), prefix: z.string(), scopes: z.array(z.string()) });

async function makeKey(tenant: typeof one, scopes: readonly string[] = ['connections:read']) {
  const { status, body } = await tenant.call('POST', '/v1/api-keys', { name: 'Reports', scopes });
  expect(status).toBe(201);
  return madeSchema.parse(body);
}

async function callBy(credential: string, { url = '/v1/connections', method = 'GET', headers = {} }: {
  readonly url?: string; readonly method?: 'GET' | 'POST' | 'DELETE'; readonly headers?: Readonly<Record<string, string>>;
} = {}) {
  const answer = await world.service.app.inject({ method, url, headers: { authorization: `Bearer ${credential}`, ...headers } });
  return { status: answer.statusCode, text: answer.body };
}

describe('an API key', () => {
  it('opens its own tenant’s routes as far as its scopes go, and nothing for operators', async () => {
    const { key } = await makeKey(one);
    expect((await callBy(key)).status).toBe(200);
    expect((await callBy(key, { url: '/v1/orders' })).status).toBe(403);
    expect((await callBy(key, { method: 'DELETE', url: `/v1/connections/${randomUUID()}` })).status).toBe(403);
    expect((await callBy(key, { url: '/v1/tenants' })).status).toBe(403);
    expect((await callBy(key, { headers: { 'x-crossdock-tenant': other.id } })).status).toBe(403);
  });

  it('is shown once; the list and the database know its beginning and a hash', async () => {
    const { id, key, prefix } = await makeKey(one);
    expect(key.startsWith(`${prefix}_`)).toBe(true);
    const listed = await one.call('GET', '/v1/api-keys');
    expect(listed.body['items']).toEqual(expect.arrayContaining([expect.objectContaining({ id, prefix, name: 'Reports', revokedAt: null })]));
    const secret = key.slice(prefix.length + 1);
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const [row] = await world.admin.query<Array<{ text: string }>>('SELECT row_to_json(api_key)::text AS text FROM api_key WHERE key_id = $1', [id]);
    expect(row?.text).not.toContain(secret);
  });

  it('is refused where its secret is guessed, and when it has expired or was revoked', async () => {
    const { id, key, prefix } = await makeKey(one);
    expect((await callBy(`${prefix}_${randomBytes(32).toString('base64url')}`)).status).toBe(401);
    expect((await callBy(`crossdock_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`)).status).toBe(401);
    expect((await callBy('crossdock_')).status).toBe(401);
    expect((await one.call('GET', '/v1/api-keys')).body['items']).toEqual(expect.arrayContaining([expect.objectContaining({ id, lastUsedAt: null })]));
    expect((await callBy(key)).status).toBe(200);
    await eventually('the key’s last use is written down', async () => {
      const [row] = await world.admin.query<Array<{ last_used_at: Date | null }>>('SELECT last_used_at FROM api_key WHERE key_id = $1', [id]);
      return row?.last_used_at !== null;
    }, 60_000);
    const revoke = () => world.service.app.inject({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers: { authorization: `Bearer ${keeper.key}` } });
    const keeper = await makeKey(one, ['api-keys:read', 'api-keys:write']);
    expect([(await revoke()).statusCode, (await revoke()).statusCode]).toEqual([204, 204]);
    await eventually('the key is refused', async () => (await callBy(key)).status === 401, 60_000);

    const old = await makeKey(one);
    await world.admin.query(`UPDATE api_key SET expires_at = now() WHERE key_id = $1`, [old.id]);
    expect((await callBy(old.key)).status).toBe(401);
  });

  it('gives away no scope that its maker does not have, and can be seen and revoked by its tenant alone', async () => {
    const { key } = await makeKey(one, ['api-keys:write', 'orders:read']);
    const wish = (scopes: readonly string[]) => world.service.app.inject({
      method: 'POST', url: '/v1/api-keys', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, payload: JSON.stringify({ name: 'More', scopes }),
    });
    expect((await wish(['orders:read', 'orders:write'])).statusCode).toBe(403);
    expect((await wish(['orders:read'])).statusCode).toBe(201);
    expect((await wish(['tenant:any'])).statusCode).toBe(422);
    const { id } = await makeKey(other);
    expect((await callBy((await makeKey(one, ['api-keys:write'])).key, { method: 'DELETE', url: `/v1/api-keys/${id}` })).status).toBe(404);
    expect(JSON.stringify((await one.call('GET', '/v1/api-keys?limit=200')).body)).not.toContain(id);
  });

  it('comes by pages, newest first, each once', async () => {
    const tenant = await world.tenant();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await makeKey(tenant)).id);
    const pageSchema = z.object({ items: z.array(z.object({ id: z.uuid() })), nextCursor: z.uuid().optional() });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = pageSchema.parse((await tenant.call('GET', `/v1/api-keys?limit=2${cursor}`)).body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(ids);
  });
});

describe('a person’s session', () => {
  it('ends within seconds, although its access token still holds', async () => {
    const [sessionId, personId] = [randomUUID(), randomUUID()];
    const token = await world.issuer.sign({ claims: { aud: 'gateway', sub: personId, tenant: one.id, sid: sessionId, roles: ['viewer'], scope: 'connections:read' } });
    expect((await callBy(token)).status).toBe(200);
    const now = new Date();
    await tenantContext.run({ tenantId: one.id, correlationId: randomUUID() }, () => world.service.app.get(TenantDatabase).transaction(one.id, (manager) =>
      new EventPublisher('auth-sso', () => world.service.app.get(OutboxRelay).wake()).publish(manager, sessionEnded, {
        subject: `session/${sessionId}`,
        data: { sessionId, personId, reason: 'revoked', endedAt: now.toISOString(), tokensEndAt: new Date(now.getTime() + 600_000).toISOString() },
      })));
    await eventually('the session is refused', async () => (await callBy(token)).status === 401, 60_000);
    expect((await callBy((await makeKey(one)).key)).status).toBe(200);
  });
});

describe('a domain of a tenant', () => {
  it('is for that tenant, and for nobody who names or is another', async () => {
    const domain = `${randomBytes(6).toString('hex')}.example.com`;
    const put = (id: string) => world.service.app.inject({ method: 'PUT', url: `/v1/tenants/${id}/domains/${domain}`, headers: { authorization: `Bearer ${operator}` } });
    const operator = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenants:manage' } });
    expect((await put(one.id)).statusCode).toBe(204);
    expect((await put(one.id)).statusCode).toBe(204);
    expect((await put(other.id)).statusCode).toBe(409);
    const [own, foreign] = [await makeKey(one), await makeKey(other)];
    expect((await callBy(own.key, { headers: { host: domain } })).status).toBe(200);
    expect((await callBy(foreign.key, { headers: { host: domain } })).status).toBe(403);
    const anyTenant = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenant:any connections:read' } });
    expect((await callBy(anyTenant, { headers: { host: domain } })).status).toBe(200);
    expect((await callBy(anyTenant, { headers: { host: domain, 'x-crossdock-tenant': other.id } })).status).toBe(403);
    expect((await callBy(operator, { url: '/v1/tenants', headers: { host: domain } })).status).toBe(403);
  });
});

describe('a tenant', () => {
  it('may not call while it is suspended, goes on when it is resumed, and cannot be deleted and suspended at once', async () => {
    const tenant = await world.tenant();
    const { key } = await makeKey(tenant);
    expect((await tenant.call('POST', `/v1/tenants/${tenant.id}/suspend`)).body).toMatchObject({ state: 'suspended', version: 2 });
    expect((await tenant.call('POST', `/v1/tenants/${tenant.id}/suspend`)).body).toMatchObject({ state: 'suspended', version: 2 });
    await eventually('the suspension is known', async () => (await callBy(key)).text.includes('tenant_suspended'), 60_000);
    expect((await tenant.call('POST', `/v1/tenants/${tenant.id}/resume`)).body).toMatchObject({ state: 'active', version: 3 });
    await eventually('the tenant may call again', async () => (await callBy(key)).status === 200, 60_000);
    expect((await tenant.call('DELETE', `/v1/tenants/${tenant.id}?retentionDays=30`)).body).toMatchObject({ state: 'deleted', eraseAt: expect.any(String) });
    expect((await tenant.call('POST', `/v1/tenants/${tenant.id}/suspend`)).status).toBe(409);
    await eventually('the deletion is known', async () => (await callBy(key)).text.includes('tenant_deleted'), 60_000);
    expect((await tenant.call('POST', `/v1/tenants/${tenant.id}/resume`)).body).toMatchObject({ state: 'active', eraseAt: null });
  });

  it('leaves nothing behind but what was done by whom once its retention time is over, and others as they were', async () => {
    const [gone, stays] = [await world.tenant(), await world.tenant()];
    for (const tenant of [gone, stays]) {
      await makeKey(tenant);
      const shop = { vendor: 'woocommerce', accountId: `https://${randomBytes(6).toString('hex')}.example.com`, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } };
      expect((await tenant.call('POST', '/v1/connections', shop)).status).toBe(201);
    }
    const before = await rowsOf(stays.id);
    expect(Object.keys(before).length).toBeGreaterThan(4);
    expect((await gone.call('DELETE', `/v1/tenants/${gone.id}?retentionDays=0`)).status).toBe(202);
    await world.service.app.get(TenantRepository).eraseDue(20);
    await eventually('nothing is left of the tenant', async () =>
      Object.keys(await rowsOf(gone.id)).filter((table) => !['inbox', 'outbox', 'connection_audit'].includes(table)).sort().join(' ') === 'tenant tenant_standing', 60_000);
    expect((await gone.call('GET', `/v1/tenants/${gone.id}`)).body).toMatchObject({ state: 'erased', name: 'erased' });
    expect(await rowsOf(stays.id)).toMatchObject({ api_key: before['api_key'], connection: before['connection'], data_key: before['data_key'] });
  }, 120_000);

  /** How many rows of the tenant each table holds, of those that hold any. */
  async function rowsOf(tenantId: string): Promise<Record<string, number>> {
    const tables = await world.admin.query<Array<{ schema: string; name: string }>>(`
      SELECT table_schema AS schema, table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE column_name = 'tenant_id' AND table_type = 'BASE TABLE' AND table_schema IN ('gateway', 'connections') AND table_name !~ '(_other_days|[0-9]{8})$' ORDER BY table_name`);
    const counted: Record<string, number> = {};
    for (const { schema, name } of tables) {
      const [row] = await world.admin.query<Array<{ count: number }>>(`SELECT count(*)::int AS count FROM ${schema}.${name} WHERE tenant_id = $1`, [tenantId]);
      if (row && row.count > 0) counted[name] = row.count;
    }
    return counted;
  }
});

describe('a workspace of a tenant', () => {
  it('is all that a key sees which is bound to it: its reports, and no other route', async () => {
    const tenant = await world.tenant();
    const made = async (name: string) => z.uuid().parse((await tenant.call('POST', '/v1/workspaces', { name })).body['id']);
    const [brand, country] = [await made('Brand'), await made('Country')];
    const wish = { name: 'Brand reports', scopes: ['attribution:read', 'connections:read', 'records:read'] };
    expect((await tenant.call('POST', '/v1/api-keys', { ...wish, workspaceId: randomUUID() })).status).toBe(404);
    const { body } = await tenant.call('POST', '/v1/api-keys', { ...wish, workspaceId: brand });
    expect(body).toMatchObject({ workspaceId: brand });
    const { key } = madeSchema.parse(body);
    const statusOf = async (url: string): Promise<number> => (await callBy(key, { url })).status;
    for (const closed of ['/v1/connections', '/v1/workspaces', '/v1/attribution/funnel', '/v1/attribution/ledger', '/v1/attribution/credited-deals', `/v1/attribution/deals/${randomUUID()}`, `/v1/attribution/report?workspace=${country}`]) {
      expect({ closed, status: await statusOf(closed) }).toEqual({ closed, status: 403 });
    }
    expect((await callBy(key, { method: 'POST', url: `/v1/connections/${randomUUID()}/records/contact/search` })).status).toBe(403);
    // The service behind is away here: the request came as far as to it.
    for (const open of ['report', 'report.csv', 'report.parquet', `report?workspace=${brand}`]) expect(await statusOf(`/v1/attribution/${open}`)).toBe(502);
    expect((await tenant.call('GET', `/v1/attribution/report?workspace=${country}`)).status).toBe(502);
    expect((await tenant.call('GET', `/v1/attribution/report?workspace=${randomUUID()}`)).status).toBe(404);
  });

  it('holds connections of its tenant, each in one at most, and ends without them', async () => {
    const tenant = await world.tenant();
    const made = async (name: string) => z.uuid().parse((await tenant.call('POST', '/v1/workspaces', { name })).body['id']);
    const [brand, country] = [await made('Brand'), await made('Country')];
    expect((await tenant.call('POST', '/v1/workspaces', { name: 'Brand' })).status).toBe(409);
    const shop = { vendor: 'woocommerce', accountId: `https://${randomBytes(6).toString('hex')}.example.com`, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } };
    const connectionId = z.uuid().parse((await tenant.call('POST', '/v1/connections', shop)).body['id']);
    const { key } = await makeKey(tenant, ['connections:read', 'connections:write']);
    const put = (workspace: string, connection: string, by = key) =>
      world.service.app.inject({ method: 'PUT', url: `/v1/workspaces/${workspace}/connections/${connection}`, headers: { authorization: `Bearer ${by}` } });
    expect([(await put(brand, connectionId)).statusCode, (await put(country, connectionId)).statusCode, (await put(country, randomUUID())).statusCode]).toEqual([204, 204, 404]);
    const foreign = await makeKey(other, ['connections:read', 'connections:write']);
    expect((await put(brand, connectionId, foreign.key)).statusCode).toBe(404);
    expect((await tenant.call('GET', '/v1/workspaces')).body['items']).toMatchObject([{ id: brand, connectionIds: [] }, { id: country, connectionIds: [connectionId] }]);
    expect((await callBy(key, { method: 'DELETE', url: `/v1/workspaces/${country}/connections/${connectionId}` })).status).toBe(204);
    expect((await callBy(key, { method: 'DELETE', url: `/v1/workspaces/${country}` })).status).toBe(204);
    expect((await tenant.call('GET', `/v1/workspaces/${country}`)).status).toBe(404);
    expect((await tenant.call('GET', `/v1/connections/${connectionId}`)).status).toBe(200);
  });
});
