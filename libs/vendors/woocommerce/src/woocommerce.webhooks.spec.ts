import { describe, expect, it } from '@jest/globals';
import { parseWooCommerceWebhook } from './woocommerce.webhooks.ts';

const headers = { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-delivery-id': 'd1' };
const parse = (body: string | Uint8Array, more: Record<string, string | undefined> = {}) =>
  parseWooCommerceWebhook({ ...headers, ...more }, typeof body === 'string' ? Buffer.from(body) : body);

describe("a shop's webhook", () => {
  it('tells which order changed, how, and the order as the shop tells it', () => {
    expect(parse('{"id":727,"status":"processing"}')).toMatchObject({
      change: 'updated', externalId: '727', payload: { id: 727, status: 'processing' },
    });
  });

  it.each(['created', 'updated', 'deleted', 'restored'])('of the topic order.%s is followed', (change) => {
    expect(parse('{"id":1}', { 'x-wc-webhook-topic': `order.${change}` })?.change).toBe(change);
  });

  it.each(['customer.updated', 'product.deleted', 'coupon.created', 'action.woocommerce_add_to_cart', 'order.exploded'])(
    'of the topic %s is left alone', (topic) => {
      expect(parse('{"id":1}', { 'x-wc-webhook-topic': topic })).toBeUndefined();
    });

  it('has the same dedupe id whenever the same delivery comes again', () => {
    expect(parse('{"id":1}')?.dedupeId).toBe(parse('{"id":1}')?.dedupeId);
  });

  it('has another dedupe id for another order or content in the same second, where the delivery id is the same', () => {
    const ids = ['{"id":1}', '{"id":2}', '{"id":1,"status":"completed"}'].map((body) => parse(body)?.dedupeId);
    ids.push(parse('{"id":1}', { 'x-wc-webhook-delivery-id': 'd2' })?.dedupeId);
    expect(new Set(ids).size).toBe(4);
  });

  it.each([
    ['no JSON', 'x'], ['empty', ''], ['a list', '[{"id":1}]'], ['without id', '{}'], ['with a strange id', '{"id":"1; drop"}'],
    ['with id 0', '{"id":0}'], ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('with a body that is %s is invalid', (_what, body) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it.each(['x-wc-webhook-topic', 'x-wc-webhook-delivery-id'])('without the header %s is invalid', (name) => {
    expect(() => parse('{"id":1}', { [name]: undefined })).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('cannot reach the prototype of objects', () => {
    const payload = parse('{"id":1,"__proto__":{"polluted":true}}')?.payload;
    expect(payload).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});
