import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectingGateway } from './connecting-gateway.fixture.ts';

let world: ConnectingGateway;

beforeAll(async () => {
  world = await ConnectingGateway.start({}, undefined, { isReachable: true });
});
afterEach(() => world.control.setConsent('woocommerce', {}));
afterAll(() => world.stop(), 60_000);

async function aShop(): Promise<{ readonly shopUrl: string; readonly key: { readonly consumer_key: string; readonly consumer_secret: string } }> {
  const { siteUrl, consumerKey, consumerSecret } = await world.control.createWooCommerceShop({ shop: `s-${randomUUID()}` });
  return { shopUrl: siteUrl, key: { consumer_key: consumerKey, consumer_secret: consumerSecret } };
}

const deliver = async (body: unknown, vendor = 'woocommerce'): Promise<number> => (await world.service.app.inject({
  method: 'POST', url: `/oauth/keys/${vendor}`, headers: { 'content-type': 'application/json;charset=UTF-8' }, payload: JSON.stringify(body),
})).statusCode;

describe('connecting a shop by keys that its owner approves', () => {
  it('ends with a connection that has the keys, and asked the shop for no more than it needs', async () => {
    const [tenant, browser, { shopUrl }] = [await world.tenant(), world.browser(), await aShop()];
    const start = await browser.open(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } }));
    const asked = new URL(start.location ?? '');
    expect(asked.href.startsWith(`${shopUrl}wc-auth/v1/authorize?`)).toBe(true);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      app_name: 'Crossdock', scope: 'read_write', user_id: expect.stringMatching(/^[\w-]{43}\./),
      return_url: expect.stringMatching(/\/oauth\/callback$/), callback_url: expect.stringMatching(/\/oauth\/keys\/woocommerce$/),
    });
    const end = await browser.open((await world.control.openAuthorizationPage(asked)).href);
    expect([end.status, end.text]).toEqual([200, expect.stringContaining('<h1>Connected</h1>')]);
    const [connection] = await tenant.connections();
    expect(connection).toMatchObject({ vendor: 'woocommerce', state: 'healthy', settings: {} });
    expect(await world.connections.vault.read(tenant.id, String(connection?.['id']), 'consumer_key')).toMatch(/^ck_/);
    expect(await tenant.audit()).toEqual(['authorisation.started pending', 'authorisation.keys_received pending', 'connection.created healthy', 'authorisation.finished connected']);
  });

  it('connects nothing where the owner does not approve', async () => {
    const [tenant, browser, { shopUrl }] = [await world.tenant(), world.browser(), await aShop()];
    await world.control.setConsent('woocommerce', { decision: 'deny' });
    const end = await browser.open(await browser.agree(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } })));
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('You did not agree')]);
    expect(await tenant.connections()).toEqual([]);
  });

  it('connects nothing where keys come and the browser that began does not, or comes without keys', async () => {
    const [tenant, browser, { shopUrl }] = [await world.tenant(), world.browser(), await aShop()];
    const back = await browser.agree(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } }));
    const other = await world.browser().open(back);
    expect([other.status, other.text]).toEqual([400, expect.stringContaining('belongs to another browser')]);
    expect(await tenant.connections()).toEqual([]);

    const { location } = await browser.open(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } }));
    const state = new URL(location ?? '').searchParams.get('user_id') ?? '';
    const early = await browser.open(`/oauth/callback?success=1&user_id=${state}`);
    expect([early.status, early.text]).toEqual([400, expect.stringContaining('The vendor refused')]);
    expect(await tenant.audit()).toContain('authorisation.refused refused_by_vendor');
  });

  it('refuses keys that are forged, come twice, are for another vendor’s authorisation, or do not open the shop', async () => {
    const [tenant, browser, { shopUrl, key }] = [await world.tenant(), world.browser(), await aShop()];
    const { location } = await browser.open(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } }));
    const state = new URL(location ?? '').searchParams.get('user_id') ?? '';
    const wrong = { key_id: 1, user_id: state, consumer_key: `ck_${'0'.repeat(40)}`, consumer_secret: `cs_${'0'.repeat(40)}`, key_permissions: 'read_write' };
    const forged = `${'a'.repeat(43)}.${randomUUID()}.${'b'.repeat(43)}`;
    expect([await deliver({ ...wrong, user_id: forged }), await deliver({ ...wrong, key_permissions: 'all' }), await deliver(wrong, 'hubspot'), await deliver(wrong, 'nobody')])
      .toEqual([400, 400, 400, 404]);
    expect([await deliver(wrong), await deliver({ ...wrong, ...key })]).toEqual([200, 400]);
    const end = await browser.open(`/oauth/callback?success=1&user_id=${state}`);
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('The vendor refused')]);
    expect(await tenant.connections()).toEqual([]);

    const hubspot = await browser.open(await tenant.begin({ vendor: 'hubspot' }));
    const ofHubSpot = new URL(hubspot.location ?? '').searchParams.get('state') ?? '';
    expect(await deliver({ ...wrong, ...key, user_id: ofHubSpot })).toBe(400);
  });

  it('says that a key which may only read is too little', async () => {
    const [tenant, browser, { shopUrl, key }] = [await world.tenant(), world.browser(), await aShop()];
    const { location } = await browser.open(await tenant.begin({ vendor: 'woocommerce', settings: { shopUrl } }));
    const state = new URL(location ?? '').searchParams.get('user_id') ?? '';
    expect(await deliver({ key_id: 1, user_id: state, ...key, key_permissions: 'read' })).toBe(200);
    const end = await browser.open(`/oauth/callback?success=1&user_id=${state}`);
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('These permissions were not given: read_write')]);
  });

  it('is refused at once for a shop elsewhere while the installation has no https address, and for what is no shop', async () => {
    const tenant = await world.tenant();
    for (const shopUrl of ['https://shop.example.com', 'http://shop.example.com', 'shop', undefined]) {
      expect((await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'woocommerce', settings: { shopUrl } })).status).toBe(422);
    }
  });
});
