import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Connection } from '@crossdock/connections';
import { formatDecimal } from '@crossdock/contracts';
import { describeOrderSource, type OrderSourceWorld, type SentWebhook } from '@crossdock/order-source/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { woocommerceLimits } from './woocommerce.limits.ts';
import { WooCommerceOrderSource } from './woocommerce.order-source.ts';

const signal = AbortSignal.timeout(60_000);
const silently = pino({ level: 'silent' });

async function buildWorld(): Promise<OrderSourceWorld & { readonly control: SandboxControl; readonly shop: string; readonly keys: Record<string, string> }> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const http = new OutboundHttp({ metrics: new Registry(), logger: silently, allowPrivateNetworks: true });
  const hub = await startHub();
  const shop = 'tea';
  const { siteUrl, consumerKey, consumerSecret } = await control.createWooCommerceShop({ shop });
  const keys: Record<string, string> = { consumer_key: consumerKey, consumer_secret: consumerSecret };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'woocommerce', accountId: shop, endpoint: siteUrl, settings: {}, state: 'healthy', stateSince: new Date(),
  };
  const decimal = (amountMinor: number): string => formatDecimal({ amountMinor, currency: 'USD' });
  const api = async (path: string): Promise<unknown> => (await fetch(`${siteUrl}wp-json/wc/v3/${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}` },
  })).json();
  return {
    control, shop, keys,
    source: new WooCommerceOrderSource({ http, vault: { use: (_owner, fields, work) => work(fields.map((field) => keys[field] ?? '')) } }),
    connection,
    people: {
      buy: async (amountMinor) => String((await control.placeWooCommerceOrder(shop, {
        status: 'processing', billing: { email: 'ada@example.com' }, line_items: [{ name: 'Tea/green', quantity: 1, total: decimal(amountMinor) }],
      })).id),
      refund: async (id, amountMinor) => { await control.refundWooCommerceOrder(shop, Number(id), { amount: decimal(amountMinor) }); },
      throwAway: (id) => control.deleteWooCommerceOrder(shop, Number(id)),
      takeBack: async (id) => { await control.restoreWooCommerceOrder(shop, Number(id)); },
      deleteForGood: (id) => control.deleteWooCommerceOrder(shop, Number(id), { force: true }),
    },
    unknownId: '999999',
    unknownStatus: 'shipped',
    pageSize: woocommerceLimits.maxPageSize,
    hubUrl: `${hub.url}/webhooks/woocommerce/${connection.id}`,
    webhooks: async () => (await control.wooCommerceWebhooks(shop)).map(({ id, topic, status, deliveryUrl: url }) =>
      ({ id: String(id), topic, isActive: status === 'active', url })),
    switchOff: (id, how) => control.setWooCommerceWebhook(shop, Number(id), how),
    forget: (id) => control.removeWooCommerceWebhook(shop, Number(id)),
    received: async () => {
      await control.waitUntilSettled();
      return hub.received.splice(0);
    },
    notesOf: async (id) => [await api(`orders/${id}/notes`)].flat().flatMap((note) =>
      (typeof note === 'object' && note !== null && 'note' in note ? [String(note.note)] : [])),
    fail: (fault, times) => control.addFault('woocommerce', fault === 'down' ? { kind: 'status', status: 503, times } : { kind: 'rate-limit', times }),
    revoke: () => control.addFault('woocommerce', { kind: 'revoke-token', account: shop }),
    stop: async () => {
      await http.close();
      await sandbox.stop();
      await hub.stop();
    },
  };
}

async function startHub(): Promise<{ url: string; received: SentWebhook[]; stop: () => Promise<void> }> {
  const received: SentWebhook[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      received.push({ headers: incoming.headers, rawBody: Buffer.concat(chunks) });
      response.end();
    });
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hub has no port.');
  return {
    received,
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}

describeOrderSource('WooCommerce', buildWorld);

describe('a WooCommerce shop', () => {
  it('has a webhook that it switched off itself switched on again, and one that is there twice taken away', async () => {
    const world = await buildWorld();
    const { control, shop, source, connection, hubUrl, keys } = world;
    const target = { url: hubUrl, secret: 's' };
    await source.lookAfterWebhooks(connection, target, signal);
    await fetch(`${String(connection.endpoint)}wp-json/wc/v3/webhooks`, {
      method: 'POST', body: JSON.stringify({ topic: 'order.updated', delivery_url: hubUrl, secret: 's' }),
      headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${keys['consumer_key'] ?? ''}:${keys['consumer_secret'] ?? ''}`).toString('base64')}` },
    });
    expect(await source.lookAfterWebhooks(connection, target, signal)).toMatchObject({ removed: ['order.updated'] });
    // Nobody listens there: seven failures in a row.
    await source.lookAfterWebhooks(connection, { ...target, url: hubUrl.replace(/:\d+/, ':9') }, signal);
    for (let i = 0; i < 7; i += 1) {
      await world.people.buy(100);
      await control.waitUntilSettled();
    }
    expect((await control.wooCommerceWebhooks(shop)).find(({ topic }) => topic === 'order.created')).toMatchObject({ status: 'disabled' });
    expect(await source.lookAfterWebhooks(connection, target, signal)).toMatchObject({ resumed: [{ topic: 'order.created', was: 'disabled' }] });
    await world.received();
    await world.people.buy(100);
    expect((await world.received()).map(({ headers }) => headers['x-wc-webhook-topic'])).toEqual(['order.created']);
    expect(await world.webhooks()).toHaveLength(4);
    await world.stop();
  });

  it('that lives at another address, or is asked without encryption, is not asked again', async () => {
    const world = await buildWorld();
    const { source, connection, control } = world;
    await control.addFault('woocommerce', { kind: 'status', status: 301 });
    await expect(source.getOrder(connection, '1', signal)).rejects.toMatchObject({ kind: 'invalid' });
    for (const endpoint of ['http://shop.example', 'shop.example', 'ftp://127.0.0.1/']) {
      await expect(source.getOrder({ ...connection, endpoint }, '1', signal)).rejects.toMatchObject({ kind: 'invalid' });
    }
    await world.stop();
  });
});
