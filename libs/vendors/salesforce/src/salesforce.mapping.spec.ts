import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opportunityFields, opportunitySchema, salesforceSettingsSchema, toContact, toDeal, toOpportunity } from './salesforce.mapping.ts';
import { inList } from './salesforce.query.ts';

const connectionId = '7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';
const nowMs = Date.UTC(2026, 10, 21, 23, 30);
const settings = salesforceSettingsSchema.parse({ companyCurrency: 'EUR' });

const opportunity = (changes: object = {}) => opportunitySchema.parse({
  Id: '006ak00000OQTieAAH', Name: 'Order 1001', StageName: 'Closed Won', IsWon: true, IsClosed: true, Amount: 129.9,
  CloseDate: '2026-11-20', SystemModstamp: '2026-11-21T08:59:59.000+0000', Crossdock_External_Id__c: 'order/1001', ...changes,
});
const read = (changes: object = {}) => toDeal(opportunity(changes), [], { connectionId, settings });

describe('a Salesforce opportunity in canonical form', () => {
  it('carries key, money in minor units, stage and times', () => {
    expect(read()).toEqual({
      source: { vendor: 'salesforce', connectionId, externalId: '006ak00000OQTieAAH' }, modifiedAt: '2026-11-21T08:59:59.000Z',
      name: 'Order 1001', status: 'won', amount: { amountMinor: 12_990, currency: 'EUR' }, closedAt: '2026-11-20T00:00:00.000Z',
      vendorStage: 'Closed Won', externalKey: 'order/1001', contacts: [],
    });
  });

  it('is lost when closed and not won, and open with a forecast instead of a close date otherwise', () => {
    expect(read({ IsWon: false })).toMatchObject({ status: 'lost' });
    const open = read({ IsWon: false, IsClosed: false });
    expect(open).toMatchObject({ status: 'open' });
    expect(open).not.toHaveProperty('closedAt');
  });

  it('takes its own currency where the organisation has several, and no amount where none is known', () => {
    expect(read({ CurrencyIsoCode: 'USD' })).toMatchObject({ amount: { currency: 'USD' } });
    expect(read({ Amount: null })).not.toHaveProperty('amount');
  });

  it('is refused rather than rounded with a tenth of a cent', () => {
    expect(read({ Amount: 1.001 })).toMatchObject({ kind: 'invalid', field: 'Amount' });
  });

  it('has the status of its order, unless a person wrote into the field what is none', () => {
    expect(read({ Crossdock_Order_Status__c: 'shipped' })).toMatchObject({ orderStatus: 'shipped' });
    expect(read({ Crossdock_Order_Status__c: 'on its way' })).not.toHaveProperty('orderStatus');
  });

  it('asks for the currency and the order’s status only where the fields exist', () => {
    expect(opportunityFields(settings, false)).not.toContain('Crossdock_Order_Status__c');
    expect(opportunityFields(settings, true)).toContain('Crossdock_Order_Status__c');
    expect(opportunityFields(settings, true)).not.toContain('CurrencyIsoCode');
    expect(opportunityFields({ ...settings, multiCurrency: true }, true)).toContain('CurrencyIsoCode');
  });
});

describe('a canonical record as Salesforce takes it', () => {
  const deal = { name: 'Order 1001', status: 'open', amount: { amountMinor: 2_935, currency: 'EUR' } } as const;

  it('gives a new open deal a stage and a forecast, and leaves both of an existing one to people', () => {
    expect(toOpportunity('k', deal, { exists: false, settings, hasOrderStatus: true, nowMs })).toEqual({
      Crossdock_External_Id__c: 'k', Name: 'Order 1001', StageName: 'Prospecting', CloseDate: '2026-12-21', Amount: 29.35,
    });
    expect(toOpportunity('k', deal, { exists: true, settings, hasOrderStatus: true, nowMs })).toEqual({ Crossdock_External_Id__c: 'k', Name: 'Order 1001', Amount: 29.35 });
  });

  it('says where the order stands, where opportunities keep that', () => {
    const shipped = { ...deal, orderStatus: 'shipped' } as const;
    expect(toOpportunity('k', shipped, { exists: true, settings, hasOrderStatus: true, nowMs })).toMatchObject({ Crossdock_Order_Status__c: 'shipped' });
    expect(toOpportunity('k', shipped, { exists: true, settings, hasOrderStatus: false, nowMs })).not.toHaveProperty('Crossdock_Order_Status__c');
  });

  it('closes an existing deal that was won on our side', () => {
    expect(toOpportunity('k', { ...deal, status: 'won', closedAt: '2026-11-20T12:00:00.000Z' }, { exists: true, settings, hasOrderStatus: true, nowMs }))
      .toMatchObject({ StageName: 'Closed Won', CloseDate: '2026-11-20' });
  });

  it('never puts an amount into another currency', () => {
    const dollars = { ...deal, amount: { amountMinor: 2_935, currency: 'USD' } };
    expect(toOpportunity('k', dollars, { exists: false, settings, hasOrderStatus: true, nowMs })).toMatchObject({ kind: 'invalid', field: 'Amount' });
    expect(toOpportunity('k', deal, { exists: false, settings: { multiCurrency: false }, hasOrderStatus: true, nowMs }))
      .toMatchObject({ kind: 'forbidden' });
    expect(toOpportunity('k', dollars, { exists: false, settings: { ...settings, multiCurrency: true }, hasOrderStatus: true, nowMs }))
      .toMatchObject({ Amount: 29.35, CurrencyIsoCode: 'USD' });
  });

  it('keeps every amount through Salesforce and back', () => {
    fc.assert(fc.property(fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }), (amountMinor) => {
      const amount = { amountMinor, currency: 'EUR' };
      const sent = toOpportunity('k', { ...deal, amount }, { exists: true, settings, hasOrderStatus: true, nowMs });
      if (sent instanceof Failure) throw sent;
      const overTheWire: unknown = JSON.parse(JSON.stringify(sent['Amount']));
      expect(read({ Amount: overTheWire })).toMatchObject({ amount });
    }));
  });

  it('gives a new contact without a last name his address, and leaves the name of an existing one', () => {
    expect(toContact({ email: 'Anna@Example.com' }, { exists: false })).toEqual({
      Crossdock_External_Id__c: 'anna@example.com', Email: 'anna@example.com', LastName: 'anna@example.com',
    });
    expect(toContact({ email: 'anna@example.com', firstName: 'Anna' }, { exists: true })).not.toHaveProperty('LastName');
  });
});

describe('values in a query', () => {
  it('stay text, whatever is in them', () => {
    expect(inList(["O'Hara", 'back\\slash', "') OR Name != ('"])).toBe(String.raw`('O\'Hara','back\\slash','\') OR Name != (\'')`);
  });
});
