import { Failure, type Deal } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hubSpotDealSchema, toContactProperties, toDeal, toDealProperties } from './hubspot.mapping.ts';

const connectionId = '7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';

function deal(properties: Record<string, string | null>) {
  return hubSpotDealSchema.parse({ id: '4711', updatedAt: new Date('2026-11-21T09:00:00.000Z'), properties });
}
const tryRead = (properties: Record<string, string | null>, companyCurrency?: string) =>
  toDeal(deal(properties), [], { connectionId, ...(companyCurrency !== undefined && { companyCurrency }) });
function read(properties: Record<string, string | null>, companyCurrency?: string): Deal {
  const canonical = tryRead(properties, companyCurrency);
  if (canonical instanceof Failure) throw canonical;
  return canonical;
}

describe('a HubSpot deal in canonical form', () => {
  it('carries key, money in minor units, stage, times and contacts', () => {
    const canonical = toDeal(deal({
      dealname: 'Order 1001', amount: '129.9', deal_currency_code: 'EUR', dealstage: 'closedwon', closedate: '2026-11-20T12:00:00Z',
      hs_lastmodifieddate: '2026-11-21T08:59:59.123Z', crossdock_external_id: 'order/1001',
    }), [{ externalId: '9', email: 'anna@example.com' }], { connectionId });
    expect(canonical).toEqual({
      source: { vendor: 'hubspot', connectionId, externalId: '4711' },
      modifiedAt: '2026-11-21T08:59:59.123Z', name: 'Order 1001', status: 'won', amount: { amountMinor: 12_990, currency: 'EUR' },
      closedAt: '2026-11-20T12:00:00.000Z', vendorStage: 'closedwon', externalKey: 'order/1001',
      contacts: [{ externalId: '9', email: 'anna@example.com' }],
    });
  });

  it.each([
    [{ dealstage: 'closedwon' }, 'won'], [{ dealstage: 'closedlost' }, 'lost'], [{ dealstage: 'contractsent' }, 'open'], [{ dealstage: null }, 'open'],
    [{ dealstage: '8123', hs_is_closed_won: 'true', hs_is_closed: 'true' }, 'won'],
    [{ dealstage: '8124', hs_is_closed_won: 'false', hs_is_closed: 'true' }, 'lost'],
    [{ dealstage: '8125', hs_is_closed_won: 'false', hs_is_closed: 'false' }, 'open'],
  ])('with %j is %s, in a pipeline of the account\'s own too', (properties, status) => {
    expect(read(properties).status).toBe(status);
  });

  it('takes the close date of an open deal for the forecast it is', () => {
    expect(read({ dealstage: 'contractsent', closedate: '2027-01-01T00:00:00Z' })).not.toHaveProperty('closedAt');
  });

  it('reads times given in milliseconds, and falls back on the record\'s own modified time', () => {
    expect(read({ dealstage: 'closedlost', closedate: '1763700000123', hs_lastmodifieddate: null })).toMatchObject({
      closedAt: '2025-11-21T04:40:00.123Z', modifiedAt: '2026-11-21T09:00:00.000Z',
    });
  });

  it('has no amount where the currency is unknown, and the account\'s where the deal states none', () => {
    expect(read({ amount: '10' })).not.toHaveProperty('amount');
    expect(read({ amount: '10' }, 'JPY').amount).toEqual({ amountMinor: 10, currency: 'JPY' });
    expect(read({ amount: '', deal_currency_code: 'EUR' })).not.toHaveProperty('amount');
  });

  it.each(['10.001', '1e3', 'a lot'])('is refused rather than rounded with the amount "%s"', (amount) => {
    expect(tryRead({ amount, deal_currency_code: 'USD' })).toMatchObject({ kind: 'invalid', field: 'amount' });
  });
});

describe('a canonical record in HubSpot\'s properties', () => {
  it('leaves out what is not known, so that nothing is cleared', () => {
    expect(toContactProperties({ email: 'Anna@Example.com', firstName: 'Anna' })).toEqual({ email: 'anna@example.com', firstname: 'Anna' });
  });

  it('puts a new open deal into the first stage and leaves the stage of an existing one to people', () => {
    const fields = { name: 'Order 1001', status: 'open' } as const;
    expect(toDealProperties('k', fields, { exists: false })).toMatchObject({ dealstage: 'appointmentscheduled', pipeline: 'default' });
    expect(toDealProperties('k', fields, { exists: true })).toEqual({ crossdock_external_id: 'k', dealname: 'Order 1001' });
    expect(toDealProperties('k', { ...fields, status: 'won' }, { exists: true })).toMatchObject({ dealstage: 'closedwon' });
  });

  it('says where the order stands, and believes only what the hub could have written', () => {
    expect(toDealProperties('k', { name: 'n', status: 'open', orderStatus: 'shipped' }, { exists: true })).toMatchObject({ crossdock_order_status: 'shipped' });
    expect(read({ crossdock_order_status: 'shipped' })).toMatchObject({ orderStatus: 'shipped' });
    expect(read({ crossdock_order_status: 'on its way' })).not.toHaveProperty('orderStatus');
  });

  it('keeps every amount through HubSpot and back', () => {
    fc.assert(fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
      (amountMinor, currency) => {
        const money = { amountMinor, currency };
        const { amount = '', deal_currency_code: code = '' } = toDealProperties('k', { name: 'n', status: 'open', amount: money }, { exists: false });
        expect(read({ amount, deal_currency_code: code }).amount).toEqual(money);
      },
    ));
  });
});
