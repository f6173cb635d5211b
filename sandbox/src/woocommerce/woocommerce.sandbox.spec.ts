import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WooCommerceShopCreated } from '../control/woocommerce-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';
import { phpJson } from './php-json.ts';
import type { Order } from './orders/shop-order.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

type Answer<Body> = { status: number; headers: Headers; text: string; body: Body };

async function call<Body = Order>(shop: WooCommerceShopCreated, method: string, path: string, body?: unknown): Promise<Answer<Body>> {
  const answer = await fetch(`${shop.siteUrl}wp-json/wc/v3${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${shop.consumerKey}:${shop.consumerSecret}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Body };
}

const purchase = {
  status: 'processing' as const,
  billing: { first_name: 'Zoë', email: 'zoe@example.com', country: 'US' },
  line_items: [{ name: 'Tea / green', sku: 'TEA', quantity: 2, price: 12.5 }],
  shipping_lines: [{ total: '4.35' }],
};

describe('WooCommerce orders', () => {
  it('adds up what was bought and dates it by the site and in UTC', async () => {
    await bench.control.createWooCommerceShop({ shop: 'tea', utcOffsetMinutes: 120 });
    const order = await bench.control.placeWooCommerceOrder('tea', purchase);
    expect(order).toMatchObject({ total: '29.35', shipping_total: '4.35', status: 'processing', created_via: 'checkout' });
    expect(order.line_items[0]).toMatchObject({ total: '25.00', price: 12.5, sku: 'TEA' });
    const aheadMs = Date.parse(`${order.date_created}Z`) - Date.parse(`${order.date_created_gmt}Z`);
    expect(aheadMs).toBe(120 * 60_000);
    expect(order.date_paid_gmt).toBe(order.date_created_gmt);
  });

  it('lists in pages with WordPress headers and no more than 100 a page', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    for (const _ of [1, 2, 3]) await bench.control.placeWooCommerceOrder('tea', purchase);
    const page = await call<Order[]>(shop, 'GET', '/orders?per_page=2');
    expect(page.body).toHaveLength(2);
    expect([page.headers.get('x-wp-total'), page.headers.get('x-wp-totalpages')]).toEqual(['3', '2']);
    expect(page.headers.get('link')).toMatch(/page=2.*rel="next"/);
    const refused = await call<{ code: string; data: unknown }>(shop, 'GET', '/orders?per_page=101');
    expect(refused.body).toMatchObject({ code: 'rest_invalid_param', data: { status: 400 } });
  });

  it('filters by when an order was modified, by the site clock or in UTC', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea', utcOffsetMinutes: 120 });
    const order = await bench.control.placeWooCommerceOrder('tea', purchase);
    const found = async (query: string) => (await call<Order[]>(shop, 'GET', `/orders?${query}`)).body.length;
    const secondBefore = new Date(Date.parse(`${order.date_modified_gmt}Z`) - 1_000).toISOString().slice(0, 19);
    expect(await found(`modified_after=${secondBefore}&dates_are_gmt=true`)).toBe(1);
    expect(await found(`modified_after=${order.date_modified_gmt}&dates_are_gmt=true`)).toBe(0);
    expect(await found(`modified_after=${order.date_modified}`)).toBe(0);
    expect(await found(`modified_after=${secondBefore}`)).toBe(1);
  });

  it('changes an order from any status to any other', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    const { id } = await bench.control.placeWooCommerceOrder('tea', { ...purchase, status: 'completed' });
    const { body } = await call(shop, 'PUT', `/orders/${id}`, { status: 'pending', meta_data: [{ key: 'crm', value: '7' }] });
    expect(body).toMatchObject({ status: 'pending', meta_data: [{ key: 'crm', value: '7' }] });
    expect((await call(shop, 'PUT', `/orders/${id}`, { status: 'sold' })).status).toBe(400);
    expect((await bench.control.writes('woocommerce')).byType['orders']).toMatchObject({ created: 0, updated: 1 });
  });

  it('does a batch and tells each fault in its place', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    const { body } = await call<{ create: Order[]; update: { id: number; error: { code: string } }[] }>(shop, 'POST', '/orders/batch', {
      create: [purchase],
      update: [{ id: 9, status: 'completed' }],
    });
    expect(body.create[0]).toMatchObject({ total: '29.35' });
    expect(body.update[0]).toMatchObject({ id: 9, error: { code: 'woocommerce_rest_shop_order_invalid_id' } });
  });

  it('refuses a missing, a wrong and a revoked key, and a shop that does not exist', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    const codeOf = async (of: WooCommerceShopCreated) => (await call<{ code?: string }>(of, 'GET', '/orders')).body.code;
    expect((await (await fetch(`${shop.siteUrl}wp-json/wc/v3/orders`)).json())).toMatchObject({ code: 'woocommerce_rest_cannot_view' });
    expect(await codeOf({ ...shop, consumerSecret: 'cs_0' })).toBe('woocommerce_rest_authentication_error');
    expect(await codeOf({ ...shop, siteUrl: shop.siteUrl.replace('/tea/', '/coffee/') })).toBe('rest_no_route');
    await bench.control.addFault('woocommerce', { kind: 'revoke-token', account: 'tea' });
    expect(await codeOf(shop)).toBe('woocommerce_rest_authentication_error');
  });
});

describe('WooCommerce webhooks', () => {
  it('writes JSON as PHP does, with slashes and everything outside ASCII escaped', () => {
    expect(phpJson({ a: 'Zoë / 北 😀', b: [] })).toBe(String.raw`{"a":"Zo\u00eb \/ \u5317 \ud83d\ude00","b":[]}`);
  });

  it('pings a new webhook with an unsigned form and keeps it whatever the answer', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    bench.receiver.answerWith(202);
    const made = await call<{ id: number; status: string }>(shop, 'POST', '/webhooks', {
      topic: 'order.created',
      delivery_url: bench.receiver.url,
      secret: 'x',
    });
    expect(made).toMatchObject({ status: 201, body: { status: 'active' } });
    expect(made.text).not.toContain('secret');
    const [ping] = bench.receiver.received;
    expect(ping?.body.toString()).toBe(`webhook_id=${made.body.id}`);
    expect(ping?.headers['x-wc-webhook-signature']).toBeUndefined();
    expect((await call(shop, 'POST', '/webhooks', { topic: 'order.sold', delivery_url: bench.receiver.url })).status).toBe(400);
  });

  it('signs the very bytes of an order and sends the same ones again on demand', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    await call(shop, 'POST', '/webhooks', { topic: 'order.created', delivery_url: bench.receiver.url, secret: 'a&amp;b' });
    const order = await bench.control.placeWooCommerceOrder('tea', purchase);
    const sent = await bench.control.waitForDelivery((delivery) => delivery.topic === 'order.created' && delivery.status === 200);
    await bench.control.redeliver(sent.id);
    const [first, second] = bench.receiver.received.filter(({ headers }) => headers['x-wc-webhook-topic'] === 'order.created');
    expect(first?.headers['x-wc-webhook-signature']).toBe(createHmac('sha256', 'a&b').update(first?.body ?? '').digest('base64'));
    expect(first?.body.toString()).toContain(String.raw`"first_name":"Zo\u00eb"`);
    expect(first?.body.toString()).toContain(String.raw`Tea \/ green`);
    expect(JSON.parse(first?.body.toString() ?? '')).toMatchObject({ id: order.id });
    expect(second?.body.equals(first?.body ?? Buffer.of())).toBe(true);
    expect(second?.headers['x-wc-webhook-delivery-id']).toBe(first?.headers['x-wc-webhook-delivery-id']);
    expect(first?.headers['x-wc-webhook-delivery-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('never tries again, and turns a webhook off when more than five failures follow each other', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    const { body: webhook } = await call<{ id: number }>(shop, 'POST', '/webhooks', { topic: 'order.created', delivery_url: bench.receiver.url });
    bench.receiver.received.length = 0;
    bench.receiver.answerWith(500);
    const statusNow = async () => (await call<{ status: string }>(shop, 'GET', `/webhooks/${webhook.id}`)).body.status;
    for (let order = 1; order <= 7; order += 1) {
      expect(await statusNow()).toBe('active');
      await bench.control.placeWooCommerceOrder('tea', purchase);
      await bench.control.waitUntilSettled();
      expect(bench.receiver.received).toHaveLength(order);
    }
    expect(await statusNow()).toBe('disabled');
    await bench.control.placeWooCommerceOrder('tea', purchase);
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(7);
  });

  it('says only the id of an order that was deleted', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    await call(shop, 'POST', '/webhooks', { topic: 'order.deleted', delivery_url: bench.receiver.url });
    const { id } = await bench.control.placeWooCommerceOrder('tea', purchase);
    await call(shop, 'DELETE', `/orders/${id}`);
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received.at(-1)?.body.toString()).toBe(`{"id":${id}}`);
    expect((await call<Order[]>(shop, 'GET', '/orders')).body).toEqual([]);
    expect((await call<Order[]>(shop, 'GET', '/orders?status=trash')).body).toHaveLength(1);
  });
});
