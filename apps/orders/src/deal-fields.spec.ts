import type { Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { dealFieldsOf, decisionInCrm } from './deal-fields.ts';

const order: Order = {
  source: { vendor: 'woocommerce', connectionId: '7d1c2d3e-0000-4000-8000-000000000001', externalId: '727' },
  modifiedAt: '2026-03-01T10:00:00.000Z',
  number: '727',
  status: 'processing',
  total: { amountMinor: 2935, currency: 'USD' },
  placedAt: '2026-03-01T09:00:00.000Z',
  customer: { email: 'ada@example.com' },
  lines: [],
};
const since = '2026-03-01T09:30:00.000Z';
const known = { statusSince: since, shop: 'shop.example.com', decidedInCrm: undefined };

describe('the deal of an order', () => {
  it('is open with the order total while the order is under way', () => {
    expect(dealFieldsOf(order, known)).toEqual({
      name: 'Order 727', status: 'open', amount: { amountMinor: 2935, currency: 'USD' }, orderStatus: 'processing', lineItems: 'No line items.', orderSource: 'shop.example.com',
    });
  });

  it('says what was ordered, and follows when that is edited', () => {
    const lines = [{ externalId: '1', name: 'Cocoa', sku: 'COCOA-1', quantity: 2, total: { amountMinor: 2935, currency: 'USD' } }];
    expect(dealFieldsOf({ ...order, lines }, known)).toMatchObject({ lineItems: '2 × Cocoa [COCOA-1], about 14.68 USD each, 29.35 USD' });
    expect(dealFieldsOf({ ...order, lines: [] }, known)).toMatchObject({ lineItems: 'No line items.' });
  });

  it('is worth what is left of an order after a part was given back, and what was lost when all was', () => {
    const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
    const refunds = [{ externalId: '1', amount: usd(1_000) }, { externalId: '2', amount: usd(35) }];
    expect(dealFieldsOf({ ...order, refunds }, known)).toMatchObject({ status: 'open', amount: usd(1_900) });
    const all = { ...order, status: 'refunded' as const, refunds: [{ externalId: '1', amount: usd(2_935) }] };
    expect(dealFieldsOf(all, known)).toMatchObject({ status: 'lost', amount: usd(2_935), orderStatus: 'refunded' });
    expect(dealFieldsOf({ ...order, total: usd(0) }, known)).toMatchObject({ amount: usd(0) });
  });

  it('says where the order stands, also where that decides nothing about the deal', () => {
    const [processing, shipped] = [order, { ...order, status: 'shipped' as const }].map((each) => dealFieldsOf(each, { ...known, decidedInCrm: 'won' }));
    expect(processing).toMatchObject({ status: 'won', orderStatus: 'processing' });
    expect(shipped).toMatchObject({ status: 'won', orderStatus: 'shipped' });
  });

  it('is won when the order is completed and lost when it is cancelled, since the order came to that status', () => {
    expect(dealFieldsOf({ ...order, status: 'completed' }, known)).toMatchObject({ status: 'won', closedAt: since });
    expect(dealFieldsOf({ ...order, status: 'cancelled' }, { ...known, decidedInCrm: 'won' })).toMatchObject({ status: 'lost', closedAt: since });
  });

  it('stays as a person decided in the CRM while the order itself is undecided', () => {
    const deal = dealFieldsOf(order, { ...known, decidedInCrm: 'won' });
    expect(deal).toMatchObject({ status: 'won' });
    expect(deal).not.toHaveProperty('closedAt');
  });
});

describe('a decision in the CRM', () => {
  it('is a status that we did not ask for', () => {
    expect(decisionInCrm(undefined, 'open', 'won')).toBe('won');
    expect(decisionInCrm('won', 'won', 'open')).toBe('open');
  });

  it('is not the echo of our own upsert', () => {
    expect(decisionInCrm(undefined, 'lost', 'lost')).toBeUndefined();
  });

  it('outlasts the echo of an upsert that carried it', () => {
    expect(decisionInCrm('won', 'won', 'won')).toBe('won');
  });

  it('ends when the CRM takes over another status of ours', () => {
    expect(decisionInCrm('lost', 'open', 'open')).toBeUndefined();
  });
});
