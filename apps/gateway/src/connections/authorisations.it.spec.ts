import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { ConnectingGateway, publicUrl, type BrowserAnswer } from './connecting-gateway.fixture.ts';

let world: ConnectingGateway;

beforeAll(async () => {
  world = await ConnectingGateway.start();
});
afterEach(async () => {
  for (const vendor of ['hubspot', 'salesforce'] as const) await world.control.setConsent(vendor, {});
});
afterAll(() => world.stop(), 60_000);

/** A portal of its own, which the next person on HubSpot's page chooses. */
async function aPortal(): Promise<string> {
  const portal = await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) });
  const account = String(portal.portalId);
  await world.control.setConsent('hubspot', { account });
  return account;
}

/** Nothing but a page with a clear word, that loads and runs nothing. */
function expectPage(answer: BrowserAnswer, title: string): void {
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(`<h1>${title}</h1>`);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/),
  });
}

const stored = async (): Promise<number> => (await world.admin.query<unknown[]>('SELECT 1 FROM connections.connection')).length;
const credentialsOf = async (tenantId: string): Promise<number> =>
  (await world.admin.query<unknown[]>('SELECT 1 FROM connections.credential WHERE tenant_id = $1', [tenantId])).length;

describe('connecting an account in the browser', () => {
  it('ends with a connection of the tenant that began, and its tokens sealed', async () => {
    const [tenant, browser, account] = [await world.tenant(), world.browser(), await aPortal()];
    const begun = await tenant.begin({ vendor: 'hubspot' });
    expect(begun).toMatch(new RegExp(`^${publicUrl}/oauth/start/[0-9a-f-]{36}$`));
    const start = await browser.open(begun);
    expect(start.status).toBe(302);
    const asked = new URL(start.location ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: world.app.clientId, redirect_uri: `${publicUrl}/oauth/callback`, code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{43}\./), scope: expect.stringContaining('crm.objects.deals.write'),
    });
    expect(start.headers['set-cookie']).toMatch(/^__Host-crossdock-browser=[\w-]{43}; Path=\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/);
    const back = await world.control.openAuthorizationPage(start.location ?? '');
    const end = await browser.open(back.href);
    expect([end.status, end.text]).toEqual([200, expect.stringContaining('<h1>Connected</h1>')]);
    expect(await tenant.connections()).toMatchObject([{ vendor: 'hubspot', accountId: account, state: 'connecting' }]);
    expect(await credentialsOf(tenant.id)).toBe(2);
    expect(await tenant.audit()).toEqual(['authorisation.started pending', 'connection.created connecting', 'authorisation.finished connected']);
  });

  it('leads the person back to an allowed place with the connection’s id, and never to another', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const back = await browser.agree(await tenant.begin({ vendor: 'hubspot', returnTo: 'https://app.example.com/settings?tab=crm' }));
    const [connection] = [await browser.open(back)].map(({ status, location }) => ({ status, location: new URL(location ?? '') }));
    expect(connection?.status).toBe(303);
    expect(connection?.location.origin).toBe('https://app.example.com');
    expect(Object.fromEntries(connection?.location.searchParams ?? [])).toEqual({ tab: 'crm', connection: (await tenant.connections())[0]?.['id'] });
    for (const returnTo of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      expect((await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'hubspot', returnTo })).status).toBe(422);
    }
  });

  it('works for production, sandbox and own-domain organisations of Salesforce, each by its own login', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    const cases = [
      { org: await world.control.createSalesforceOrg({ ...world.app }), settings: {} },
      { org: await world.control.createSalesforceOrg({ ...world.app, kind: 'sandbox' }), settings: { environment: 'sandbox' } },
      { org: await world.control.createSalesforceOrg({ ...world.app, myDomain: 'tea-house' }), settings: { myDomain: 'tea-house' } },
    ];
    for (const { org, settings } of cases) {
      await world.control.setConsent('salesforce', { account: org.orgId });
      expect((await browser.open(await browser.agree(await tenant.begin({ vendor: 'salesforce', settings })))).status).toBe(200);
    }
    const made = await tenant.connections();
    expect(made.map(({ accountId }) => accountId)).toEqual(cases.map(({ org }) => org.orgId));
    expect(JSON.stringify(made)).not.toContain(world.sandbox.url);
    for (const [index, { org }] of cases.entries()) {
      const connection = await world.connections.store.find(tenant.id, String(made[index]?.['id']));
      expect(connection?.endpoint).toBe(org.instanceUrl);
      expect(await world.connections.tokens.get(connection ?? raise())).toEqual(expect.any(String));
    }
    for (const settings of [{ environment: 'moon' }, { myDomain: 'evil.example/x' }, { myDomain: 'a.b.c' }]) {
      expect((await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'salesforce', settings })).status).toBe(422);
    }
  });

  it('makes one connection when two administrators connect the account at the same time', async () => {
    const [tenant, one, two] = [await world.tenant(), world.browser(), world.browser()];
    await aPortal();
    const backs = [await one.agree(await tenant.begin({ vendor: 'hubspot' })), await two.agree(await tenant.begin({ vendor: 'hubspot' }))];
    const ends = await Promise.all([one.open(backs[0] ?? ''), two.open(backs[1] ?? '')]);
    expect(ends.map(({ status }) => status)).toEqual([200, 200]);
    expect(await tenant.connections()).toHaveLength(1);
  });

  it('leads back to the page of the tenant that asked, and to nobody else’s', async () => {
    const [tenant, other] = [await world.tenant(), await world.tenant()];
    const host = `${tenant.id}.example.com`;
    const operator = await world.issuer.sign({ claims: { aud: 'gateway', scope: 'tenants:manage' } });
    await world.service.app.inject({ method: 'PUT', url: `/v1/tenants/${tenant.id}/domains/${host}`, headers: { authorization: `Bearer ${operator}` } });
    const begin = async (who: typeof tenant, origin: string) =>
      (await who.call('POST', '/v1/connections/authorizations', { vendor: 'hubspot', returnTo: `${origin}/console` }, { origin })).status;
    expect(await begin(tenant, `https://${host}`)).toBe(201);
    expect([await begin(tenant, 'https://unknown.example'), await begin(tenant, `http://${host}`), await begin(other, `https://${host}`)]).toEqual([422, 422, 403]);
  });

  it('refuses an account that another tenant has connected, without saying whose it is', async () => {
    const [owner, other, browser] = [await world.tenant(), await world.tenant(), world.browser()];
    await aPortal();
    await browser.open(await browser.agree(await owner.begin({ vendor: 'hubspot' })));
    const end = await browser.open(await browser.agree(await other.begin({ vendor: 'hubspot' })));
    expectPage(end, 'This account is connected elsewhere');
    expect(end.text).not.toContain(owner.id);
    expect([await other.connections(), await credentialsOf(other.id)]).toEqual([[], 0]);
    expect(await other.audit()).toContain('authorisation.refused account_taken');
  });
});

describe('an authorisation that comes to nothing', () => {
  it('stores nothing where the person does not agree', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    await world.control.setConsent('hubspot', { decision: 'deny' });
    const back = await browser.agree(await tenant.begin({ vendor: 'hubspot', returnTo: '/settings' }));
    const end = await browser.open(back);
    expectPage(end, 'You did not agree');
    expect(end.text).toContain(`<a href="${publicUrl}/settings">`);
    expect([await tenant.connections(), await credentialsOf(tenant.id)]).toEqual([[], 0]);
    expect(await tenant.audit()).toEqual(['authorisation.started pending', 'authorisation.refused denied']);
    expectPage(await browser.open(back), 'This link has been used');
  });

  it('stores nothing where permissions are missing', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await world.control.createSalesforceOrg({ ...world.app });
    await world.control.setConsent('salesforce', { withheldScopes: ['refresh_token'] });
    expectPage(await browser.open(await browser.agree(await tenant.begin({ vendor: 'salesforce' }))), 'Permissions are missing');
    expect(await credentialsOf(tenant.id)).toBe(0);
  });

  it('refuses a made-up state, writes that down, and stores nothing', async () => {
    const before = await stored();
    const state = `${'a'.repeat(43)}.${randomUUID()}.${'b'.repeat(43)}`;
    for (const query of [`code=x&state=${state}`, 'code=x', 'code=x&state=', `code=x&state=${state}&state=${state}`, `state=%00&code=x`]) {
      expectPage(await world.browser().open(`/oauth/callback?${query}`), 'This link is not valid');
    }
    const [row] = await world.admin.query<Array<{ count: number }>>(
      `SELECT count(*)::int AS count FROM connections.connection_audit WHERE outcome = 'forged' AND tenant_id IS NULL`);
    expect(row?.count).toBeGreaterThanOrEqual(5);
    expect(await stored()).toBe(before);
  });

  it('refuses a state whose signature was changed', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const back = new URL(await browser.agree(await tenant.begin({ vendor: 'hubspot' })));
    const state = back.searchParams.get('state') ?? '';
    back.searchParams.set('state', (state.startsWith('A') ? 'B' : 'A') + state.slice(1));
    expectPage(await browser.open(back.href), 'This link is not valid');
    back.searchParams.set('state', state);
    expect((await browser.open(back.href)).status).toBe(200);
  });

  it('refuses a state from another browser, and the right browser still ends it', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const begun = await tenant.begin({ vendor: 'hubspot' });
    const back = await browser.agree(begun);
    const stranger = world.browser();
    expectPage(await stranger.open(back), 'This link belongs to another browser');
    expectPage(await stranger.open(begun), 'This link belongs to another browser');
    stranger.cookie = `__Host-crossdock-browser=${'x'.repeat(43)}`;
    expectPage(await stranger.open(back), 'This link belongs to another browser');
    expect((await browser.open(back)).status).toBe(200);
  });

  it('takes a callback once, also when it comes many times at once', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const back = await browser.agree(await tenant.begin({ vendor: 'hubspot' }));
    const ends = await Promise.all(Array.from({ length: 8 }, () => browser.open(back)));
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const end of ends.filter(({ status }) => status !== 200)) expectPage(end, 'This link has been used');
    expect(await tenant.connections()).toHaveLength(1);
  });

  it('refuses a state that has run out', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const begun = await tenant.begin({ vendor: 'hubspot' });
    const back = await browser.agree(begun);
    await world.admin.query(`UPDATE connections.authorisation SET expires_at = now() WHERE tenant_id = $1`, [tenant.id]);
    expectPage(await browser.open(back), 'This link has run out');
    expectPage(await browser.open(begun), 'This link has run out');
    expect(await credentialsOf(tenant.id)).toBe(0);
  });

  it('is forgotten a day after it has run out', async () => {
    const tenant = await world.tenant();
    const id = (await tenant.begin({ vendor: 'hubspot' })).split('/').at(-1);
    await world.admin.query(`UPDATE connections.authorisation SET expires_at = now() - interval '2 days' WHERE id = $1`, [id]);
    await eventually('it to be forgotten', async () => (await world.admin.query<unknown[]>('SELECT 1 FROM connections.authorisation WHERE id = $1', [id])).length === 0);
  });

  it('refuses a code of another authorisation: each is bound to its own verifier', async () => {
    const [victim, attacker, browser] = [await world.tenant(), await world.tenant(), world.browser()];
    await aPortal();
    const stolen = new URL(await world.browser().agree(await victim.begin({ vendor: 'hubspot' }))).searchParams.get('code') ?? '';
    const back = new URL(await browser.agree(await attacker.begin({ vendor: 'hubspot' })));
    back.searchParams.set('code', stolen);
    expectPage(await browser.open(back.href), 'The vendor refused');
    expect(await attacker.connections()).toEqual([]);
  });

  it('says so where the vendor is away', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    await aPortal();
    const back = await browser.agree(await tenant.begin({ vendor: 'hubspot' }));
    await world.control.addFault('hubspot', { kind: 'status', status: 503 });
    expectPage(await browser.open(back), 'The vendor does not answer');
    expect(await tenant.connections()).toEqual([]);
  });

  it('shows nothing of what the address holds', async () => {
    const end = await world.browser().open('/oauth/callback?state=%3Cscript%3Ealert(1)%3C/script%3E&error=%3Cb%3E&error_description=%3Cimg%20src=x%3E');
    expectPage(end, 'This link is not valid');
    expect(end.text).not.toMatch(/script|<b>|img/);
  });
});

describe('connecting an account by keys', () => {
  it('tries the keys at the vendor and keeps the shop’s address sealed', async () => {
    const tenant = await world.tenant();
    const shop = await world.control.createWooCommerceShop({ shop: `shop-${randomUUID()}` });
    const credentials = { consumer_key: shop.consumerKey, consumer_secret: shop.consumerSecret, webhook_secret: 'w'.repeat(20) };
    const made = await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials });
    expect(made).toMatchObject({ status: 201, body: { connection: { vendor: 'woocommerce', state: 'healthy' } } });
    expect(JSON.stringify(made.body)).not.toContain('127.0.0.1');
    const again = await (await world.tenant()).call('POST', '/v1/connections/authorizations', { vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials });
    expect(again.status).toBe(409);
  });

  it('connects nothing with keys that the vendor refuses', async () => {
    const tenant = await world.tenant();
    await world.control.createShippoAccount({ account: `a-${randomUUID()}` });
    const call = (credentials: object) => tenant.call('POST', '/v1/connections/authorizations', { vendor: 'shippo', credentials });
    expect((await call({ api_token: `shippo_test_${'0'.repeat(32)}` })).status).toBe(502);
    expect((await call({ api_token: 'nonsense' })).status).toBe(422);
    expect(await tenant.connections()).toEqual([]);
  });
});

function raise(): never {
  throw new Error('The connection is gone.');
}
