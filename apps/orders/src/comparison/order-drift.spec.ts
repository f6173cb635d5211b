import type { DealState, Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { driftOfDeal, driftOfShop } from './order-drift.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const at = '2026-03-01T00:00:00.000Z';
const source = { vendor: 'woocommerce', connectionId: '7d1c2d3e-0000-4000-8000-000000000001', externalId: '727' } as const;
const order = (fields: Partial<Order> = {}): Order => ({
  source, modifiedAt: at, placedAt: at, number: '727', status: 'processing', total: usd(2_935), customer: { email: 'ada@example.com' },
  lines: [{ externalId: '1', name: 'Tea', quantity: 2, total: usd(2_935) }], ...fields,
});
const read = (fields: Partial<Order> = {}, shopWord = 'processing') => ({ order: order(fields), shopWord });
const deal = (fields: Partial<DealState> = {}): DealState => ({
  source: { ...source, vendor: 'hubspot' }, modifiedAt: at, name: 'Order 727', status: 'open', amount: usd(2_935), orderStatus: 'processing', contacts: [], ...fields,
});
const wanted = { name: 'Order 727', status: 'open', amount: usd(2_935), orderStatus: 'processing' } as const;

describe('an order beside its shop', () => {
  it('does not differ where only its state, which the state machine decides, and the time of its last change do', () => {
    expect(driftOfShop(read({ status: 'completed' }), read({ modifiedAt: '2026-03-02T00:00:00.000Z' }))).toEqual([]);
  });

  it('differs by field, with both values', () => {
    const lines = [{ externalId: '1', name: 'Tea', quantity: 3, total: usd(4_000) }];
    expect(driftOfShop(read(), read({ total: { amountMinor: 4_000, currency: 'EUR' }, lines, refunds: [{ externalId: '9', amount: usd(100) }] }, 'on-hold'))).toEqual([
      { side: 'shop', field: 'status', here: 'processing', there: 'on-hold' },
      { side: 'shop', field: 'total', here: '29.35 USD', there: '40.00 EUR' },
      { side: 'shop', field: 'lines', here: '1 of 2 pieces, 29.35 USD', there: '1 of 3 pieces, 40.00 EUR' },
      { side: 'shop', field: 'refunded', here: '0.00 USD', there: '1.00 EUR' },
    ]);
  });

  it('tells nothing of a customer but that he differs', () => {
    expect(JSON.stringify(driftOfShop(read(), read({ customer: { email: 'grace@example.com' } })))).not.toContain('@');
  });
});

describe('a deal beside its order', () => {
  it('may be closed by sales while the order is open, and may lack a field that the account does not keep', () => {
    expect(driftOfDeal(wanted, deal({ status: 'won', orderStatus: undefined }))).toEqual([]);
  });

  it('differs by name, amount, the order’s state, and status once the order is decided', () => {
    expect(driftOfDeal({ ...wanted, status: 'lost', orderStatus: 'cancelled' }, deal({ name: 'Renamed', amount: undefined }))).toEqual([
      { side: 'crm', field: 'name', here: 'Order 727', there: 'Renamed' },
      { side: 'crm', field: 'amount', here: '29.35 USD', there: 'none' },
      { side: 'crm', field: 'orderStatus', here: 'cancelled', there: 'processing' },
      { side: 'crm', field: 'status', here: 'lost', there: 'open' },
    ]);
  });
});
