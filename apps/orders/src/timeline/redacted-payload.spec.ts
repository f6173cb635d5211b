import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redactPayload } from './redacted-payload.ts';

describe('a payload in a timeline', () => {
  it('keeps how the order stands and what it costs, and nothing of the person', () => {
    expect(redactPayload({
      id: 727, number: '727', status: 'processing', currency: 'EUR', total: '29.35', date_modified_gmt: '2026-03-01T09:05:30', customer_note: 'Ring twice',
      billing: { first_name: 'Ada', email: 'ada@example.com', phone: '', country: 'DE' }, customer_ip_address: '203.0.113.9',
      line_items: [{ id: 1, name: 'Notebook for Ada', sku: 'N1', quantity: 1, total: '29.35' }],
    })).toEqual({
      id: 727, number: '727', status: 'processing', currency: 'EUR', total: '29.35', date_modified_gmt: '2026-03-01T09:05:30', customer_note: '[redacted]',
      billing: { first_name: '[redacted]', email: '[redacted]', phone: '', country: '[redacted]' }, customer_ip_address: '[redacted]',
      line_items: [{ id: 1, name: '[redacted]', sku: 'N1', quantity: 1, total: '29.35' }],
    });
  });

  it('never shows a text that stands under a person’s key, however deep, and stays small', () => {
    const canary = 'canary-4711';
    fc.assert(fc.property(fc.object({ key: fc.constantFrom('email', 'name', 'billing', 'meta_data', 'value', 'note', '__proto__'), values: [fc.constant(canary), fc.integer()], maxDepth: 6 }), (payload) => {
      expect(JSON.stringify(redactPayload({ ...payload }))).not.toContain(canary);
    }));
    expect(JSON.stringify(redactPayload({ line_items: Array.from({ length: 10_000 }, () => ({ id: 1 })) })).length).toBeLessThan(1_000);
  });
});
