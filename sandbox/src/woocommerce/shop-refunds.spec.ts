import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf, startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';
import type { WooCommerceShopCreated } from '../control/woocommerce-control.schema.ts';

let bench: SandboxBench;
let shop: WooCommerceShopCreated;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.clean();
  shop = await bench.control.createWooCommerceShop({ shop: 'tea', ownStatuses: ['shipped'] });
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${shop.siteUrl}wp-json/wc/v3${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${shop.consumerKey}:${shop.consumerSecret}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const buy = () => bench.control.placeWooCommerceOrder('tea', { status: 'processing', line_items: [{ name: 'Tea', quantity: 2, price: 12.5 }] });

describe('refunds at the WooCommerce stand-in', () => {
  it('stand negative in their order, which keeps total and status until nothing is left', async () => {
    const { id } = await buy();
    const made = await call('POST', `/orders/${id}/refunds`, { amount: '10.00', reason: 'Broken' });
    expect(made).toMatchObject({ status: 201, body: { amount: '10.00', reason: 'Broken' } });
    expect((await call('GET', `/orders/${id}`)).body).toMatchObject({ status: 'processing', total: '25.00', refunds: [{ total: '-10.00' }] });
    expect((await call('POST', `/orders/${id}/refunds`, { amount: '15.01' })).status).toBe(500);
    await bench.control.refundWooCommerceOrder('tea', id, { amount: '15.00' });
    expect((await call('GET', `/orders/${id}`)).body).toMatchObject({ status: 'refunded', total: '25.00', refunds: [{ total: '-15.00' }, { total: '-10.00' }] });
  });

  it('are made of what is left by the status refunded', async () => {
    const { id } = await buy();
    await call('PUT', `/orders/${id}`, { status: 'refunded' });
    expect((await call('GET', `/orders/${id}/refunds`)).body).toMatchObject([{ amount: '25.00' }]);
  });
});

describe('orders of the WooCommerce stand-in', () => {
  it('are dated anew when they go into the bin, and come back as they were', async () => {
    await call('POST', '/webhooks', { topic: 'order.restored', delivery_url: bench.receiver.url });
    const { id } = await buy();
    await bench.control.deleteWooCommerceOrder('tea', id);
    expect((await call('GET', `/orders/${id}`)).body).toMatchObject({ status: 'trash' });
    await bench.control.restoreWooCommerceOrder('tea', id);
    expect((await call('GET', `/orders/${id}`)).body).toMatchObject({ status: 'processing' });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received.at(-1)?.headers['x-wc-webhook-topic']).toBe('order.restored');
    await bench.control.deleteWooCommerceOrder('tea', id, { force: true });
    expect((await call('GET', `/orders/${id}`)).status).toBe(404);
  });

  it('take the statuses that are registered, and notes, newest first', async () => {
    const { id } = await buy();
    expect((await call('PUT', `/orders/${id}`, { status: 'shipped' })).status).toBe(200);
    const listed = [(await call('GET', '/reports/orders/totals')).body].flat();
    expect(listed).toContainEqual({ slug: 'shipped', name: 'shipped', total: 1 });
    for (const note of ['one', 'two']) await call('POST', `/orders/${id}/notes`, { note });
    expect([(await call('GET', `/orders/${id}/notes`)).body].flat().map((note) => recordOf(note)['note'])).toEqual(['two', 'one']);
  });
});

describe('webhooks of the WooCommerce stand-in', () => {
  it('go off again with the next failure after they were switched on, and ping again while no ping was answered', async () => {
    bench.receiver.answerWith(500);
    const id = Number(recordOf((await call('POST', '/webhooks', { topic: 'order.created', delivery_url: bench.receiver.url })).body)['id']);
    const statusNow = async () => recordOf((await call('GET', `/webhooks/${id}`)).body)['status'];
    const fail = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i += 1) {
        await buy();
        await bench.control.waitUntilSettled();
      }
    };
    await fail(7);
    expect(await statusNow()).toBe('disabled');
    bench.receiver.received.length = 0;
    await call('PUT', `/webhooks/${id}`, { status: 'active' });
    expect(bench.receiver.received.map(({ body }) => body.toString())).toEqual([`webhook_id=${id}`]);
    await fail(1);
    expect(await statusNow()).toBe('disabled');
    expect((await call('PUT', '/webhooks/9', { status: 'active' })).status).toBe(400);
  });
});
