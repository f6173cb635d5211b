import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opportunityIdFor, opportunitySchema, toClosing, toContact, toDeal, toOpportunity } from './dynamics.mapping.ts';

const connectionId = '7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';
const id = '5b1b2f1e-6a33-4f0a-9c64-0a8f0a1c2d3e';
const euro = 'd0a1c9f2-7c1f-4a36-8f35-2c3b4d5e6f70';
const currencies = new Map([[euro, 'EUR']]);

const read = (changes: object = {}) => toDeal(opportunitySchema.parse({
  opportunityid: id, name: 'Order 1001', statecode: 1, stepname: '4-Close', estimatedvalue: 100, actualvalue: 129.9, actualclosedate: '2026-11-20',
  modifiedon: '2026-11-21T08:59:59Z', _transactioncurrencyid_value: euro, xdock_externalkey: 'order/1001', ...changes,
}), [], { connectionId, currencies });

describe('a Dynamics opportunity in canonical form', () => {
  it('carries key, what was earned in minor units, stage and times', () => {
    expect(read()).toEqual({
      source: { vendor: 'dynamics', connectionId, externalId: id }, modifiedAt: '2026-11-21T08:59:59.000Z', name: 'Order 1001', status: 'won',
      amount: { amountMinor: 12_990, currency: 'EUR' }, closedAt: '2026-11-20T00:00:00.000Z', vendorStage: '4-Close', externalKey: 'order/1001', contacts: [],
    });
  });

  it('has what is expected as its amount until it is won', () => {
    expect(read({ statecode: 0 })).toMatchObject({ status: 'open', amount: { amountMinor: 10_000 } });
    expect(read({ statecode: 0 })).not.toHaveProperty('closedAt');
    expect(read({ statecode: 2 })).toMatchObject({ status: 'lost', amount: { amountMinor: 10_000 } });
    expect(read({ _transactioncurrencyid_value: null })).not.toHaveProperty('amount');
  });

  it('is refused rather than rounded with a tenth of a cent, or without a time', () => {
    expect(read({ actualvalue: 1.001 })).toMatchObject({ kind: 'invalid', field: 'estimatedvalue' });
    expect(read({ modifiedon: 'yesterday' })).toBeInstanceOf(Failure);
  });

  it('has the status of its order, unless a person wrote into the column what is none', () => {
    expect(read({ xdock_orderstatus: 'shipped' })).toMatchObject({ orderStatus: 'shipped' });
    expect(read({ xdock_orderstatus: 'on its way' })).not.toHaveProperty('orderStatus');
  });

  it('keeps every amount through Dynamics and back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000_000_000 }), (amountMinor) => {
      const amount = { amountMinor, currency: 'EUR' };
      const sent = toOpportunity('k', { name: 'D', status: 'open', amount }, { currencyId: euro, contactId: undefined, hasOrderStatus: true });
      const overTheWire: unknown = JSON.parse(JSON.stringify(sent['estimatedvalue']));
      expect(read({ statecode: 0, estimatedvalue: overTheWire })).toMatchObject({ amount });
    }));
  });
});

describe('a canonical record as Dynamics takes it', () => {
  it('never writes the state of an opportunity, which actions of its own decide', () => {
    const sent = toOpportunity('order/1', { name: 'Order 1', status: 'won', orderStatus: 'completed' }, { currencyId: undefined, contactId: id, hasOrderStatus: true });
    expect(sent).toEqual({ name: 'Order 1', xdock_externalkey: 'order/1', xdock_orderstatus: 'completed', 'parentcontactid@odata.bind': `/contacts(${id})` });
    expect(toClosing(id, { name: 'Order 1', status: 'lost', closedAt: '2026-11-20T12:00:00.000Z' })).toEqual({
      Status: 4, OpportunityClose: { subject: 'Lost', 'opportunityid@odata.bind': `/opportunities(${id})`, actualend: '2026-11-20T12:00:00.000Z' },
    });
  });

  it('has the same id whoever asks, and another one in another organisation', () => {
    expect(opportunityIdFor('a', 'order/1')).toBe(opportunityIdFor('a', 'order/1'));
    expect(opportunityIdFor('b', 'order/1')).not.toBe(opportunityIdFor('a', 'order/1'));
  });

  it('gives a new contact without a last name his address, and leaves name and address of one that is there', () => {
    expect(toContact({ email: 'Anna@Example.com' }, { exists: false })).toEqual({ emailaddress1: 'anna@example.com', lastname: 'anna@example.com' });
    expect(toContact({ email: 'Anna@Example.com', firstName: 'Anna' }, { exists: true })).toEqual({ firstname: 'Anna' });
  });
});
