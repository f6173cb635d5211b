import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { WooCommerceClient } from './woocommerce.client.ts';
import { toCanonicalOrder } from './woocommerce.mapping.ts';
import { isWooCommercePing, verifyWooCommerceWebhook } from './woocommerce.webhook-signature.ts';
import { parseWooCommerceWebhook } from './woocommerce.webhooks.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let http: OutboundHttp;
let client: WooCommerceClient;
let connection: Connection;
let keys: Record<string, string>;
const ids = { id: '0198f2c4-7d3e-7a10-9b55-2f6f0c1d4e8a', tenantId: '0198f2c4-7d3e-7a10-9b55-2f6f0c1d4e8b' };

const purchase = {
  billing: { first_name: 'Zoë', last_name: 'Meyer', email: 'Zoe@Example.com', phone: '(212) 555-0100', country: 'US' },
  line_items: [{ name: 'Tea/green', quantity: 2, price: 12.5, sku: 'TEA' }],
};

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
});

afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

beforeEach(async () => {
  await control.reset();
  const shop = await control.createWooCommerceShop({ shop: 'tea' });
  keys = { consumer_key: shop.consumerKey, consumer_secret: shop.consumerSecret };
  connection = { ...ids, vendor: 'woocommerce', accountId: 'shop', endpoint: shop.siteUrl, settings: {}, state: 'healthy', stateSince: new Date() };
  client = new WooCommerceClient({ http, vault: { use: (_owner, fields, work) => work(fields.map((field) => keys[field] ?? '')) } });
});

describe("a shop's orders", () => {
  it('are read and understood', async () => {
    const placed = await control.placeWooCommerceOrder('tea', purchase);
    const order = toCanonicalOrder(await client.getOrder(connection, String(placed.id)), { connectionId: connection.id });
    expect(order).toMatchObject({
      source: { externalId: String(placed.id) },
      total: { amountMinor: 2500, currency: 'USD' },
      customer: { firstName: 'Zoë', email: 'zoe@example.com', phone: '+12125550100' },
    });
    expect(Math.abs(Date.parse(order.placedAt) - Date.now())).toBeLessThan(60_000);
  });

  it('are listed page by page, oldest change first, and only those that changed since', async () => {
    const placed = [];
    for (let i = 0; i < 3; i += 1) placed.push(await control.placeWooCommerceOrder('tea', purchase));
    const listing = { modifiedAfter: new Date(Date.now() - 60_000).toISOString(), pageSize: 2 };
    const first = await client.listOrders(connection, { ...listing, page: 1 });
    const second = await client.listOrders(connection, { ...listing, page: 2 });
    expect(first.totalPages).toBe(2);
    const listed = [...first.orders, ...second.orders].map(({ id }) => id);
    expect(listed.toSorted((a, b) => a - b)).toEqual(placed.map(({ id }) => id));
    const later = { modifiedAfter: new Date(Date.now() + 60_000).toISOString(), page: 1 };
    expect(await client.listOrders(connection, later)).toEqual({ orders: [], totalPages: 0 });
  });

  it('take a status and custom fields, and the same again changes nothing', async () => {
    const { id } = await control.placeWooCommerceOrder('tea', purchase);
    const update = { status: 'completed', meta: { crossdock_deal: '42' } };
    await client.updateOrder(connection, String(id), update);
    await client.updateOrder(connection, String(id), update);
    const order = await client.getOrder(connection, String(id));
    expect(order).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(order.meta_data).match(/crossdock_deal/g)).toHaveLength(1);
  });
});

describe('a call that the shop does not answer well', () => {
  it('fails as not_found for an order that is not there', async () => {
    await expect(client.getOrder(connection, '999999')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('fails as unauthorised with keys that the shop does not know', async () => {
    keys.consumer_secret = 'cs_wrong';
    await expect(client.getOrder(connection, '1')).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it.each([
    [{ kind: 'status', status: 503 }, 'transient'],
    [{ kind: 'rate-limit' }, 'rate_limited'],
    [{ kind: 'reset', times: 2 }, 'transient'],
    [{ kind: 'status', status: 301 }, 'invalid'],
  ] as const)('after the fault %j fails as %s', async (fault, kind) => {
    await control.addFault('woocommerce', { ...fault, pathPattern: '/orders' });
    await expect(client.getOrder(connection, '1')).rejects.toMatchObject({ kind });
  });

  it('is not made at all where keys would travel unencrypted', async () => {
    for (const endpoint of ['http://shop.example', 'shop.example', 'ftp://127.0.0.1/']) {
      await expect(client.getOrder({ ...connection, endpoint }, '1')).rejects.toMatchObject({ kind: 'invalid' });
    }
  });
});

describe("a shop's webhooks", () => {
  let hub: Server;
  let hubUrl: string;
  let received: { headers: IncomingHttpHeaders; rawBody: Buffer }[] = [];

  beforeAll(async () => {
    hub = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        received.push({ headers: incoming.headers, rawBody: Buffer.concat(chunks) });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(hub, 'listening');
    const address = hub.address();
    if (address === null || typeof address === 'string') throw new Error('the hub has no port');
    hubUrl = `http://127.0.0.1:${address.port}/webhooks`;
  });

  afterAll(() => { hub.close(); });

  it('begin with an unsigned ping, then come signed and are understood', async () => {
    received = [];
    const registered = await fetch(`${String(connection.endpoint)}wp-json/wc/v3/webhooks`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${keys.consumer_key}:${keys.consumer_secret}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ topic: 'order.created', delivery_url: hubUrl, secret: 'a&amp;b <secret>' }),
    });
    expect(registered.status).toBe(201);
    const placed = await control.placeWooCommerceOrder('tea', purchase);
    await control.waitUntilSettled();
    const [ping, webhook] = received;
    if (!ping || !webhook) throw new Error(`${received.length} of two webhooks came`);
    expect(isWooCommercePing(ping)).toBe(true);
    expect(isWooCommercePing(webhook)).toBe(false);
    expect(verifyWooCommerceWebhook({ ...webhook, secrets: ['a&amp;b <secret>'] })).toEqual({ valid: true });
    expect(verifyWooCommerceWebhook({ ...webhook, secrets: ['another'] })).toEqual({ valid: false, reason: 'signature_mismatch' });
    const change = parseWooCommerceWebhook(webhook.headers, webhook.rawBody);
    expect(change).toMatchObject({ change: 'created', externalId: String(placed.id) });
    expect(toCanonicalOrder(change?.payload ?? {}, { connectionId: connection.id }).customer.email).toBe('zoe@example.com');
  });
});
