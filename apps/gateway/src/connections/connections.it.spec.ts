import { randomInt, randomUUID } from 'node:crypto';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConnectingGateway } from './connecting-gateway.fixture.ts';

let world: ConnectingGateway;
type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

beforeAll(async () => {
  // Looked at every second, so that a test sees what an hour would show.
  world = await ConnectingGateway.start({ CONNECTION_PROBE_SECONDS: '1' });
});
afterAll(() => world.stop(), 60_000);

async function connectHubSpot(tenant: Tenant): Promise<{ readonly id: string; readonly account: string }> {
  const { portalId } = await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) });
  const account = String(portalId);
  const browser = world.browser();
  await world.control.setConsent('hubspot', { account });
  await browser.open(await browser.agree(await tenant.begin({ vendor: 'hubspot' })));
  const found = (await tenant.connections()).find(({ accountId }) => accountId === account);
  return { id: String(found?.['id']), account };
}

async function connectShippo(tenant: Tenant): Promise<{ readonly id: string; readonly account: string }> {
  const { account, token } = await world.control.createShippoAccount({ account: `a-${randomUUID()}` });
  const { body } = await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'shippo', credentials: { api_token: token, webhook_token: 'w'.repeat(20) } });
  return { id: String((body['connection'] as { id: unknown }).id), account };
}

const healthOf = async (tenant: Tenant, id: string) => (await tenant.call('GET', `/v1/connections/${id}/health`)).body;
const budgetSchema = z.object({ budget: z.array(z.looseObject({ used: z.int(), renewsAt: z.string().optional() })) });
const budgetOf = (health: unknown) => budgetSchema.parse(health).budget;
const comesTo = (tenant: Tenant, id: string, state: string) => eventually(`the connection to be ${state}`, async () => {
  const health = await healthOf(tenant, id);
  return health['state'] === state && health;
});

describe('the health of a connection', () => {
  it('is told with the last probe, and of no other tenant’s connection', async () => {
    const tenant = await world.tenant();
    const { id } = await connectShippo(tenant);
    const health = await eventually('a probe', async () => {
      const told = await healthOf(tenant, id);
      return 'lastProbe' in told && told;
    });
    expect(health).toEqual({
      connectionId: id, vendor: 'shippo', state: 'healthy', since: expect.stringMatching(/Z$/), lastProbe: { at: expect.stringMatching(/Z$/), outcome: 'succeeded' },
      budget: expect.any(Array),
    });
    expect((await (await world.tenant()).call('GET', `/v1/connections/${id}/health`)).status).toBe(404);
  });

  it('is told with what is used of each limit of the vendor, as the vendor grants it to this account', async () => {
    const tenant = await world.tenant();
    const [{ id: shippo }, { id: hubspot }] = [await connectShippo(tenant), await connectHubSpot(tenant)];
    const limit = (name: string, windowSeconds: number, granted: unknown) => ({ name, kind: 'rolling', unit: 'calls', windowSeconds, granted, used: expect.any(Number) });
    // Calls of the last minute, and of the last ten seconds: probes keep coming.
    const budget = await eventually('calls to be counted', async () => {
      const told = budgetOf(await healthOf(tenant, shippo));
      return told.some(({ used }) => used > 0) && told;
    });
    expect(budget).toMatchObject([limit('writes', 60, 50), limit('reads', 60, 400), limit('lists', 60, 10), limit('tracking-writes', 60, 50), limit('tracking-reads', 60, 50)]);
    for (const { used, renewsAt } of budget) expect(renewsAt !== undefined).toBe(used > 0);
    const [calls, searches, ...others] = await eventually('calls to be counted', async () => {
      const told = budgetOf((await tenant.call('POST', `/v1/connections/${hubspot}/probe`)).body);
      return told.some(({ used }) => used > 0) && told;
    });
    expect([calls, searches, others]).toMatchObject([{ ...limit('ten-seconds', 10, expect.any(Number)), renewsAt: expect.stringMatching(/Z$/) }, { ...limit('search', 1, 5), used: 0 }, []]);
  });

  it('asks for a person when a probe finds that the authorisation was taken back, with a link to mend it', async () => {
    const tenant = await world.tenant();
    const { id, account } = await connectHubSpot(tenant);
    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault('hubspot', { kind, account });
    const health = await comesTo(tenant, id, 'needs_reconnect');
    expect(health).toMatchObject({
      reason: { code: 'authorisation_refused', message: expect.stringContaining('connect the account again') },
      banner: { severity: 'error', title: 'HubSpot must be connected again', action: { name: 'reconnect', method: 'POST', path: `/v1/connections/${id}/reconnect` } },
    });

    const browser = world.browser();
    await world.control.setConsent('hubspot', { account });
    expect((await browser.open(await browser.agree(await tenant.begin({}, `/v1/connections/${id}/reconnect`)))).status).toBe(200);
    expect(await healthOf(tenant, id)).toMatchObject({ state: 'connecting' });
    expect(await tenant.connections()).toHaveLength(1);
  });

  it('refuses to connect another account in a connection’s place', async () => {
    const tenant = await world.tenant();
    const { id } = await connectHubSpot(tenant);
    const other = await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) });
    await world.control.setConsent('hubspot', { account: String(other.portalId) });
    const browser = world.browser();
    const end = await browser.open(await browser.agree(await tenant.begin({}, `/v1/connections/${id}/reconnect`)));
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('This is another account')]);
    expect(await tenant.connections()).toHaveLength(1);
  });

  it('is degraded while the vendor does not answer, and mends itself', async () => {
    const tenant = await world.tenant();
    const { id } = await connectShippo(tenant);
    await comesTo(tenant, id, 'healthy');
    await world.admin.query('UPDATE connections.connection SET probe_failures = 1 WHERE id = $1', [id]);
    await world.control.addFault('shippo', { kind: 'status', status: 503, times: 100 });
    expect(await comesTo(tenant, id, 'degraded')).toMatchObject({ reason: { code: 'vendor_unreachable' }, banner: { severity: 'warning' } });
    await world.control.clearFaults('shippo');
    await world.admin.query('UPDATE connections.connection SET probe_at = now() WHERE id = $1', [id]);
    await eventually('the circuit to let calls through and the probe to work', async () => {
      await world.admin.query('UPDATE connections.connection SET probe_at = now() WHERE id = $1', [id]);
      return (await healthOf(tenant, id))['state'] === 'healthy';
    }, 60_000);
  });

  it('asks for one person only when a vault key is lost, and mends itself when the secret opens again', async () => {
    const tenant = await world.tenant();
    const [lost, other] = [await connectShippo(tenant), await connectShippo(tenant)];
    await world.admin.query('UPDATE connections.credential SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1) WHERE connection_id = $1', [lost.id]);
    expect(await comesTo(tenant, lost.id, 'needs_reconnect')).toMatchObject({ reason: { code: 'secret_unreadable' } });
    expect(await healthOf(tenant, other.id)).toMatchObject({ state: 'healthy' });
    await world.admin.query('UPDATE connections.credential SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1) WHERE connection_id = $1', [lost.id]);
    await world.admin.query('UPDATE connections.connection SET probe_at = now() WHERE id = $1', [lost.id]);
    await comesTo(tenant, lost.id, 'healthy');
  });

  it('comes with tokens that are renewed in time, before anybody needs them', async () => {
    const tenant = await world.tenant();
    const { id } = await connectHubSpot(tenant);
    const connection = await world.connections.store.find(tenant.id, id);
    if (!connection) throw new Error('The connection is gone.');
    const before = await world.connections.tokens.get(connection);
    await world.admin.query('UPDATE connections.connection SET renew_at = now() WHERE id = $1', [id]);
    const after = await eventually('another token', async () => {
      const token = await world.connections.tokens.get(connection);
      return token !== before && token;
    });
    expect(after).not.toBe(before);
    const [row] = await world.admin.query<Array<{ isLater: boolean }>>('SELECT renew_at > now() + interval \'10 minutes\' AS "isLater" FROM connections.connection WHERE id = $1', [id]);
    expect(row).toEqual({ isLater: true });
  });
});

describe('a shop that is taken over with its keys', () => {
  const shop = (settings: Readonly<Record<string, unknown>>, accountId = `https://${randomUUID()}.example.com`) =>
    ({ vendor: 'woocommerce', accountId, settings, credentials: { consumer_key: 'ck', consumer_secret: 'cs' } });

  it('is known to people by the name that it is given, and its address is told to nobody', async () => {
    const tenant = await world.tenant();
    const { status, body } = await tenant.call('POST', '/v1/connections', shop({ shopName: 'Tea & Co', crmVendor: 'hubspot' }));
    expect([status, body]).toEqual([201, expect.objectContaining({ accountName: 'Tea & Co', settings: { crmVendor: 'hubspot' } })]);
    expect(JSON.stringify(body)).not.toContain('example.com');
  });

  it('is refused with the place that is wrong where its address or its name is none', async () => {
    const tenant = await world.tenant();
    expect(await tenant.call('POST', '/v1/connections', shop({}, 'http://shop.example.com'))).toMatchObject({ status: 422, body: { errors: [{ pointer: '/accountId' }] } });
    expect(await tenant.call('POST', '/v1/connections', shop({ shopName: 7 }))).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/shopName' }] } });
  });
});

describe('disconnecting', () => {
  it('takes the authorisation back at the vendor, forgets the secrets, and frees the account', async () => {
    const [tenant, next] = [await world.tenant(), await world.tenant()];
    const { id, account } = await connectHubSpot(tenant);
    const connection = await world.connections.store.find(tenant.id, id);
    const refreshToken = await world.connections.vault.read(tenant.id, id, 'refresh_token');
    expect(await tenant.call('DELETE', `/v1/connections/${id}`)).toMatchObject({ status: 202, body: { state: 'disconnected', stateCode: 'disconnected' } });
    await eventually('the secrets to be gone', async () =>
      (await world.admin.query<unknown[]>('SELECT 1 FROM connections.credential WHERE connection_id = $1', [id])).length === 0);
    expect(await tenant.audit()).toEqual(expect.arrayContaining(['connection.disconnected disconnected', 'connection.revoked revoked']));
    const renewal = await fetch(`${world.sandbox.url}/hubspot/oauth/v3/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: world.app.clientId, client_secret: world.app.clientSecret }),
    });
    expect(renewal.status).toBe(400);
    expect(connection?.accountId).toBe(account);

    const browser = world.browser();
    await world.control.setConsent('hubspot', { account });
    expect((await browser.open(await browser.agree(await next.begin({ vendor: 'hubspot' })))).status).toBe(200);
    const back = await browser.open(await browser.agree(await tenant.begin({}, `/v1/connections/${id}/reconnect`)));
    expect([back.status, back.text]).toEqual([400, expect.stringContaining('connected elsewhere')]);
  });

  it('says where a vendor has no way to take keys back', async () => {
    const tenant = await world.tenant();
    const { id } = await connectShippo(tenant);
    await tenant.call('DELETE', `/v1/connections/${id}`);
    await eventually('the end', async () => (await tenant.audit()).includes('connection.revoked not_offered'));
  });
});

describe('exchanging secrets', () => {
  const track = (id: string, token: string) => world.service.app.inject({
    method: 'POST', url: `/webhooks/shippo/${id}?token=${token}`, headers: { 'content-type': 'application/json' }, payload: '{"event":"transaction_created","data":{}}',
  }).then(({ statusCode }) => statusCode);

  it('lets webhooks of the old and the new secret in for a while, and then of the new one only', async () => {
    const tenant = await world.tenant();
    const { id } = await connectShippo(tenant);
    const change = await tenant.call('PUT', `/v1/connections/${id}/secrets`, { credentials: { webhook_token: 'n'.repeat(20) }, overlapSeconds: 600 });
    expect(change.status).toBe(200);
    expect([await track(id, 'w'.repeat(20)), await track(id, 'n'.repeat(20))]).toEqual([200, 200]);
    await world.admin.query(`UPDATE connections.credential SET expires_at = now() WHERE connection_id = $1 AND field = 'webhook_token.previous'`, [id]);
    await eventually('the old secret to be refused', async () => await track(id, 'w'.repeat(20)) === 401);
    expect(await track(id, 'n'.repeat(20))).toBe(200);
  });

  it('tries new keys at the vendor and refuses those of another account', async () => {
    const tenant = await world.tenant();
    const { id } = await connectShippo(tenant);
    const { token } = await world.control.createShippoAccount({ account: `a-${randomUUID()}` });
    expect((await tenant.call('PUT', `/v1/connections/${id}/secrets`, { credentials: { api_token: token } })).status).toBe(409);
    expect((await tenant.call('PUT', `/v1/connections/${id}/secrets`, { credentials: { api_token: `shippo_test_${'0'.repeat(32)}` } })).status).toBe(502);
    expect((await tenant.call('PUT', `/v1/connections/${id}/secrets`, { credentials: {} })).status).toBe(422);
    expect(await healthOf(tenant, id)).toMatchObject({ state: 'healthy' });
  });
});
