import type { DealStatus } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { toContact, toDeal, toZohoDeal, type DealStages, type ZohoDeal } from './zoho.mapping.ts';

const settings = { location: 'eu', apiDomain: 'https://www.zohoapis.eu', companyCurrency: 'EUR' } as const;
const stages: DealStages = {
  statusOf: new Map<string, DealStatus>([['Talking', 'open'], ['Sold', 'won'], ['Gone', 'lost']]),
  first: { open: 'Talking', won: 'Sold', lost: 'Gone' },
};
const fields = { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } } as const;

describe('a contact as Zoho takes it', () => {
  it('has a last name when it is new, and keeps the one it has', () => {
    expect(toContact({ email: 'Anna@Example.com' }, { exists: false })).toEqual({ Email: 'anna@example.com', Last_Name: 'anna@example.com' });
    expect(toContact({ email: 'Anna@Example.com' }, { exists: true })).toEqual({ Email: 'anna@example.com' });
  });

  it('has no field longer than Zoho takes', () => {
    const contact = toContact({ email: 'a@example.com', firstName: 'x'.repeat(200), lastName: 'y'.repeat(200) }, { exists: true });
    expect(contact).toMatchObject({ First_Name: 'x'.repeat(40), Last_Name: 'y'.repeat(80) });
  });
});

describe('a deal as Zoho takes it', () => {
  it('begins in the organisation’s first open stage, with its first contact', () => {
    expect(toZohoDeal({ externalKey: 'order/1', fields, contactId: '7', exists: false }, { settings, stages })).toEqual({
      Crossdock_Key: 'order/1', Deal_Name: 'Order 1001', Stage: 'Talking', Amount: 129.35, Contact_Name: { id: '7' },
    });
  });

  it('keeps stage and contact that people gave it while it is open, and is moved when it is decided', () => {
    expect(toZohoDeal({ externalKey: 'order/1', fields, contactId: '7', exists: true }, { settings, stages })).toEqual({ Crossdock_Key: 'order/1', Deal_Name: 'Order 1001', Amount: 129.35 });
    const won = { ...fields, status: 'won', closedAt: '2026-11-20T23:59:59.999Z' } as const;
    expect(toZohoDeal({ externalKey: 'order/1', fields: won, exists: true }, { settings, stages })).toMatchObject({ Stage: 'Sold', Closing_Date: '2026-11-20' });
  });

  it('is refused in a currency that the organisation does not have, or that is not known', () => {
    const dollars = { ...fields, amount: { amountMinor: 100, currency: 'USD' } };
    expect(toZohoDeal({ externalKey: 'k', fields: dollars, exists: false }, { settings, stages })).toMatchObject({ kind: 'invalid', field: 'Amount' });
    const { companyCurrency: _, ...without } = settings;
    expect(toZohoDeal({ externalKey: 'k', fields, exists: false }, { settings: without, stages })).toMatchObject({ kind: 'forbidden', field: 'Amount' });
  });
});

describe('a deal of Zoho in canonical form', () => {
  it('says where its order stands, and believes only what the hub could have written', () => {
    expect(toZohoDeal({ externalKey: 'k', fields: { ...fields, orderStatus: 'shipped' }, exists: true }, { settings, stages })).toMatchObject({ Crossdock_Order_Status: 'shipped' });
    expect(toDeal({ ...deal, Crossdock_Order_Status: 'shipped' }, [], origin)).toMatchObject({ orderStatus: 'shipped' });
    expect(toDeal({ ...deal, Crossdock_Order_Status: 'on its way' }, [], origin)).not.toHaveProperty('orderStatus');
  });

  const deal: ZohoDeal = {
    id: '6493490000001291001', Deal_Name: 'Order 1001', Stage: 'Sold', Amount: 129.35, Closing_Date: '2026-11-20', Modified_Time: '2026-11-21T13:22:08+03:00', Crossdock_Key: 'order/1',
  };
  const origin = { connectionId: '018f0000-0000-7000-8000-000000000001', settings, stages };

  it('has its time in UTC, its money in minor units and its status by what the stage means', () => {
    expect(toDeal(deal, [], origin)).toEqual({
      source: { vendor: 'zoho', connectionId: origin.connectionId, externalId: deal.id }, modifiedAt: '2026-11-21T10:22:08.000Z', name: 'Order 1001', status: 'won',
      amount: { amountMinor: 12_935, currency: 'EUR' }, closedAt: '2026-11-20T00:00:00.000Z', vendorStage: 'Sold', externalKey: 'order/1', contacts: [],
    });
  });

  it('has no closing date while it is open, because that is a forecast, nor an amount that it lacks', () => {
    const open = toDeal({ ...deal, Stage: 'Talking', Amount: null, Deal_Name: null }, [], origin);
    expect(open).toMatchObject({ status: 'open', name: 'Deal 6493490000001291001' });
    expect(open).not.toHaveProperty('closedAt');
    expect(open).not.toHaveProperty('amount');
  });

  it('is open in a stage that is new since the stages were read', () => {
    expect(toDeal({ ...deal, Stage: 'Brand new' }, [], origin)).toMatchObject({ status: 'open', vendorStage: 'Brand new' });
  });

  it('has none when its amount is a tenth of a cent', () => {
    expect(toDeal({ ...deal, Amount: 0.001 }, [], origin)).toMatchObject({ kind: 'invalid', field: 'Amount' });
  });
});
