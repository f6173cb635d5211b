import { describe, expect, it } from '@jest/globals';
import { woocommerceFailure } from './woocommerce.errors.ts';

const refuse = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  woocommerceFailure({ operation: 'orders.get', status, headers: new Headers(headers), body: typeof body === 'string' ? body : JSON.stringify(body) });

describe("a shop's refusal", () => {
  it.each([
    [400, 'invalid'], [401, 'unauthorised'], [403, 'forbidden'], [404, 'not_found'], [408, 'transient'], [409, 'conflict'],
    [418, 'unexpected'], [429, 'rate_limited'], [500, 'transient'], [502, 'transient'], [503, 'transient'], [301, 'invalid'],
  ] as const)('with status %i is %s', (status, kind) => {
    expect(refuse(status).kind).toBe(kind);
  });

  it('names the code and the field, and nothing of the message', () => {
    const body = { code: 'rest_invalid_param', message: 'canary', data: { status: 400, params: { status: 'canary is not one of' } } };
    const failure = refuse(400, body);
    expect(failure.field).toBe('status');
    expect(failure.message).toContain('rest_invalid_param');
    expect(failure.message).not.toContain('canary');
  });

  it('tells a switched-off interface from a missing record', () => {
    expect(refuse(404, { code: 'rest_no_route', message: '', data: { status: 404 } }).kind).toBe('forbidden');
    expect(refuse(404, { code: 'woocommerce_rest_shop_order_invalid_id', message: '', data: { status: 404 } }).kind).toBe('not_found');
    expect(refuse(400, { code: 'woocommerce_rest_shop_order_invalid_id', message: '', data: { status: 400 } }).kind).toBe('not_found');
  });

  it('keeps the pause that was asked for, given in seconds or as a date', () => {
    expect(refuse(429, {}, { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(refuse(503, {}, { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(refuse(429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).retryAfterMs).toBeGreaterThan(50_000);
    expect(refuse(429, {}, { 'retry-after': 'later' }).retryAfterMs).toBeUndefined();
  });

  it("bears a page of the shop's host in place of JSON", () => {
    expect(refuse(403, '<html>canary</html>')).toMatchObject({ kind: 'forbidden', message: expect.not.stringContaining('canary') });
  });
});
