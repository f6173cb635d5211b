import type { DealLine, Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { worthOf } from './deal-fields.ts';
import { dealLinesOf } from './deal-lines.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const order = (more: Partial<Order> = {}): Order => ({
  source: { vendor: 'woocommerce', connectionId: '7d1c2d3e-0000-4000-8000-000000000001', externalId: '727' },
  modifiedAt: '2026-03-01T10:00:00.000Z', placedAt: '2026-03-01T09:00:00.000Z', number: '727', status: 'processing', total: usd(2_935),
  customer: { email: 'ada@example.com' }, lines: [], ...more,
});
const goods = (more: Partial<Order['lines'][number]> = {}): Order['lines'][number] => ({ externalId: '1', name: 'Cocoa', quantity: 2, total: usd(2_800), ...more });
const sumOf = (lines: readonly DealLine[]): number => lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amountMinor, 0);

describe("the lines of an order's deal", () => {
  it('are what was ordered with the price of one, then shipping, fees and tax', () => {
    expect(dealLinesOf(order({
      lines: [goods({ sku: 'COCOA-1' })],
      charges: [
        { externalId: '4', kind: 'shipping', name: 'Flat rate', total: usd(100) }, { externalId: '5', kind: 'fee', name: '', total: usd(-50) },
        { externalId: 'tax', kind: 'tax', name: '', total: usd(85) },
      ],
    }))).toEqual([
      { key: 'line/1', name: 'Cocoa', sku: 'COCOA-1', quantity: 2, unitPrice: usd(1_400) },
      { key: 'shipping/4', name: 'Shipping: Flat rate', quantity: 1, unitPrice: usd(100) },
      { key: 'fee/5', name: 'Fee', quantity: 1, unitPrice: usd(-50) },
      { key: 'tax/tax', name: 'Tax', quantity: 1, unitPrice: usd(85) },
    ]);
  });

  it('say a line as one of its whole where no price of one gives its total, and keep what costs nothing', () => {
    const lines = [goods({ quantity: 3, total: usd(1_000) }), goods({ externalId: '2', quantity: 0.5, total: usd(1_935) }), goods({ externalId: '3', name: ' ', quantity: 4, total: usd(0) })];
    expect(dealLinesOf(order({ lines }))).toMatchObject([
      { name: '3 × Cocoa', quantity: 1, unitPrice: usd(1_000) }, { name: '0.5 × Cocoa', quantity: 1, unitPrice: usd(1_935) },
      { name: 'Item without a name', quantity: 4, unitPrice: usd(0) },
    ]);
  });

  it('say what the figures of the shop leave over, and what was given back as long as that was not all', () => {
    const refunds = [{ externalId: '9', amount: usd(1_000) }];
    expect(dealLinesOf(order({ lines: [goods()], refunds }))).toMatchObject([
      { key: 'line/1' }, { key: 'rest', name: 'Difference to the total of the order', unitPrice: usd(135) }, { key: 'refunded', name: 'Refunded', unitPrice: usd(-1_000) },
    ]);
    expect(dealLinesOf(order({ status: 'refunded', lines: [goods({ total: usd(2_935), quantity: 1 })], refunds: [{ externalId: '9', amount: usd(2_935) }] }))).toHaveLength(1);
    expect(dealLinesOf(order({ total: usd(0) }))).toEqual([]);
  });

  it('are at most five hundred, the last of which is what the others come to', () => {
    const many = dealLinesOf(order({ total: usd(60_000), lines: Array.from({ length: 600 }, (_, index) => goods({ externalId: String(index), total: usd(100), quantity: 1 })) }));
    expect(many).toHaveLength(500);
    expect(many.at(-1)).toMatchObject({ name: '… and 101 more', unitPrice: usd(10_100) });
  });

  it('come to what the deal is worth, whatever the order says', () => {
    const line = fc.record({ quantity: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0.1, max: 9, noNaN: true })), cents: fc.integer({ min: -5_000, max: 90_000 }), sku: fc.string() });
    const charge = fc.record({ kind: fc.constantFrom('shipping' as const, 'fee' as const, 'tax' as const), cents: fc.integer({ min: -5_000, max: 5_000 }), name: fc.string() });
    fc.assert(fc.property(fc.array(line, { maxLength: 30 }), fc.array(charge, { maxLength: 5 }), fc.nat(500_000), fc.nat(500_000), (lines, charges, total, refunded) => {
      const some = order({
        total: usd(total), lines: lines.map(({ quantity, cents, sku }, index) => goods({ externalId: String(index), quantity, sku, total: usd(cents) })),
        charges: charges.map(({ kind, cents, name }, index) => ({ externalId: String(index), kind, name, total: usd(cents) })),
        refunds: [{ externalId: 'r', amount: usd(Math.min(refunded, total)) }],
      });
      const told = dealLinesOf(some);
      expect(sumOf(told)).toBe(worthOf(some).amountMinor);
      expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
    }));
  });
});
