import { describe, expect, it } from '@jest/globals';
import { orderSchema } from '@crossdock/contracts';
import fc from 'fast-check';
import { readAmount } from './woocommerce.amount.ts';
import { toCanonicalOrder } from './woocommerce.mapping.ts';

const connectionId = '0198f2c4-7d3e-7a10-9b55-2f6f0c1d4e8a';

const shopOrder = (more: Record<string, unknown> = {}) => ({
  id: 4711, number: 'A-4711', status: 'processing', currency: 'EUR', total: '59.80',
  date_created: '2026-03-01T10:00:00', date_created_gmt: '2026-03-01T09:00:00',
  date_modified: '2026-03-01T10:05:30', date_modified_gmt: '2026-03-01T09:05:30',
  billing: { first_name: ' Ada ', last_name: 'Meyer', company: '', country: 'de', email: ' Ada.Meyer@Example.COM ', phone: '0151 12345678' },
  line_items: [{ id: 9, name: 'Tea, green', sku: 'TEA-1', quantity: 2, total: '50.25' }],
  ...more,
});
const map = (more?: Record<string, unknown>) => toCanonicalOrder(shopOrder(more), { connectionId });

describe("a shop's order in canonical form", () => {
  it('has UTC times, minor units, and an e-mail and phone that compare', () => {
    expect(map()).toEqual({
      source: { vendor: 'woocommerce', connectionId, externalId: '4711' },
      number: 'A-4711', status: 'processing',
      total: { amountMinor: 5980, currency: 'EUR' },
      placedAt: '2026-03-01T09:00:00.000Z', modifiedAt: '2026-03-01T09:05:30.000Z',
      customer: { firstName: 'Ada', lastName: 'Meyer', country: 'DE', email: 'ada.meyer@example.com', phone: '+4915112345678' },
      lines: [{ externalId: '9', name: 'Tea, green', sku: 'TEA-1', quantity: 2, total: { amountMinor: 5025, currency: 'EUR' } }],
    });
  });

  it.each([
    ['on-hold', 'on_hold'], ['checkout-draft', 'pending'], ['trash', 'cancelled'], ['ready-for-pickup', 'processing'], ['shipped', 'shipped'],
  ])('has the status %s as %s', (status, canonical) => {
    expect(map({ status }).status).toBe(canonical);
  });

  it('tells what was given back above zero, in the currency of the order, and its total unchanged', () => {
    const refunds = [{ id: 3, reason: 'broken', total: '-10.00' }, { id: 2, refund: '', total: '-49.80' }];
    expect(map({ refunds })).toMatchObject({
      total: { amountMinor: 5980, currency: 'EUR' },
      refunds: [{ externalId: '3', amount: { amountMinor: 1000, currency: 'EUR' } }, { externalId: '2', amount: { amountMinor: 4980, currency: 'EUR' } }],
    });
    expect(map({ currency: 'JPY', total: '1200', line_items: [], refunds: [{ id: 1, total: '-200' }] })).toMatchObject({
      total: { amountMinor: 1200, currency: 'JPY' }, refunds: [{ amount: { amountMinor: 200 } }],
    });
    expect(map({ refunds: [] })).not.toHaveProperty('refunds');
  });

  it('tells what it costs beside its lines: shipping, fees and the tax of all, and nothing that costs nothing', () => {
    const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    expect(map({
      shipping_lines: [{ id: 4, method_title: 'Flat rate', total: '4.90', total_tax: '0.93' }, { id: 5, method_title: 'Free', total: '0.00' }],
      fee_lines: [{ id: 6, name: 'Loyalty', total: '-2.00' }, { id: 7, name: null, total: '1.00' }], total_tax: '5.65',
    }).charges).toEqual([
      { externalId: '4', kind: 'shipping', name: 'Flat rate', total: eur(490) },
      { externalId: '6', kind: 'fee', name: 'Loyalty', total: eur(-200) }, { externalId: '7', kind: 'fee', name: '', total: eur(100) },
      { externalId: 'tax', kind: 'tax', name: '', total: eur(565) },
    ]);
    expect(map({ shipping_lines: [], fee_lines: null, total_tax: '0.00' })).not.toHaveProperty('charges');
    expect(() => map({ fee_lines: [{ id: 1, total: 'canary' }] })).toThrow(expect.objectContaining({ field: 'fee_lines.0.total' }));
  });

  it('may cost nothing, but not less, nor more than can be counted', () => {
    expect(map({ total: '0.00', line_items: [] }).total).toEqual({ amountMinor: 0, currency: 'EUR' });
    for (const total of ['-0.01', '99999999999999.00']) {
      expect(() => map({ total })).toThrow(expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('total') }));
    }
  });

  it('was changed when it was made, where the shop knows no change', () => {
    expect(map({ date_modified_gmt: null }).modifiedAt).toBe('2026-03-01T09:00:00.000Z');
  });

  it('leaves out what a customer typed and nobody can read, and keeps the order', () => {
    const billing = { first_name: 'x'.repeat(300), email: 'not an address', phone: 'call me', country: 'Germany' };
    expect(map({ billing }).customer).toEqual({ firstName: 'x'.repeat(255) });
    expect(map({ billing: {} }).customer).toEqual({});
  });

  it.each([
    ['+44 20 7946 0958', 'DE', '+442079460958'], ['0049 151 12345678', 'DE', '+4915112345678'], ['(212) 555-0100', 'US', '+12125550100'],
    ['0151 12345678', '', undefined],
  ])('reads the phone %p of a customer in %p as %p', (phone, country, canonical) => {
    expect(map({ billing: { phone, country } }).customer.phone).toBe(canonical);
  });

  it.each(['id', 'status', 'currency', 'total', 'date_created_gmt', 'billing', 'line_items'])('is invalid without %s, and says so', (field) => {
    expect(() => map({ [field]: undefined })).toThrow(expect.objectContaining({ kind: 'invalid', field }));
  });

  it('is invalid in a status that nobody mapped, and the message repeats no value', () => {
    expect(() => map({ status: 'canary' })).toThrow(expect.objectContaining({ field: 'status', message: expect.not.stringContaining('canary') }));
    expect(() => map({ line_items: [{ id: 1, quantity: 1, total: 'canary' }] }))
      .toThrow(expect.objectContaining({ field: 'line_items.0.total', message: expect.not.stringContaining('canary') }));
  });

  it('always passes the schema of the events that carry it', () => {
    const anyText = fc.string({ maxLength: 300, unit: 'grapheme' });
    fc.assert(fc.property(
      fc.record({ email: anyText, phone: anyText, country: anyText, first_name: anyText, company: anyText }),
      fc.integer({ min: 0, max: 1e12 }),
      (billing, minor) => {
        const total = `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        const order = map({ billing, total });
        expect(orderSchema.safeParse(order).success).toBe(true);
        expect(order.total.amountMinor).toBe(minor);
      },
    ));
  });
});

describe("an amount in a shop's notation", () => {
  it.each([
    ['29.35', 'USD', 2935], ['29.3', 'USD', 2930], ['29', 'USD', 2900], ['0', 'USD', 0], ['-5.00', 'USD', -500],
    ['1200', 'JPY', 1200], ['1.234', 'KWD', 1234], ['10.129', 'USD', 1013], ['10.1249', 'USD', 1012], ['0.995', 'USD', 100],
    ['-10.125', 'USD', -1013], ['99.5', 'JPY', 100], ['-0.001', 'USD', 0], [3, 'USD', 300],
  ])('%p %s is %p minor units', (text, currency, amountMinor) => {
    expect(readAmount(text, currency)).toEqual({ amountMinor, currency });
  });

  it.each(['', 'abc', '1,50', '1e3', '1.', '.5', '--1', '1 000', 'NaN', '99999999999999999999'])('%p is refused', (text) => {
    expect(readAmount(text, 'USD')).toBeUndefined();
  });
});
