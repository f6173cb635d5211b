import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { personSchema, pipedriveDealSchema, toDeal, toDealBody, toDealContact, toNewPerson, toPersonChange } from './pipedrive.mapping.ts';

const connectionId = '7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';
const codes = { key: 'a'.repeat(40), orderStatus: 'b'.repeat(40) };

const read = (changes: object = {}) => toDeal(pipedriveDealSchema.parse({
  id: 7, title: 'Order 1001', value: 129.9, currency: 'EUR', status: 'won', stage_id: 3, person_id: 1, add_time: '2026-11-19T00:00:00Z',
  update_time: '2026-11-21T08:59:59Z', won_time: '2026-11-20T00:00:00Z', lost_time: null, custom_fields: { [codes.key]: 'order/1001' }, ...changes,
}), [], { connectionId, codes });

describe('a Pipedrive deal in canonical form', () => {
  it('carries key, money in minor units, stage and times', () => {
    expect(read()).toEqual({
      source: { vendor: 'pipedrive', connectionId, externalId: '7' }, modifiedAt: '2026-11-21T08:59:59.000Z', name: 'Order 1001', status: 'won',
      amount: { amountMinor: 12_990, currency: 'EUR' }, closedAt: '2026-11-20T00:00:00.000Z', vendorStage: '3', externalKey: 'order/1001', contacts: [],
    });
  });

  it('was lost when the loss says so, and has no close time while it is open', () => {
    expect(read({ status: 'lost', won_time: null, lost_time: '2026-11-18T10:00:00Z' })).toMatchObject({ status: 'lost', closedAt: '2026-11-18T10:00:00.000Z' });
    expect(read({ status: 'open' })).not.toHaveProperty('closedAt');
    expect(read({ value: null })).not.toHaveProperty('amount');
  });

  it('is refused rather than rounded with a tenth of a cent, or without a time', () => {
    expect(read({ value: 1.001 })).toMatchObject({ kind: 'invalid', field: 'value' });
    expect(read({ update_time: 'yesterday' })).toBeInstanceOf(Failure);
  });

  it('keeps every amount through Pipedrive and back', () => {
    fc.assert(fc.property(fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }), (amountMinor) => {
      const amount = { amountMinor, currency: 'EUR' };
      const sent = toDealBody('k', { name: 'D', status: 'open', amount }, { codes, exists: true });
      const overTheWire: unknown = JSON.parse(JSON.stringify(sent['value']));
      expect(read({ value: overTheWire })).toMatchObject({ amount });
    }));
  });
});

describe('a canonical record as Pipedrive takes it', () => {
  it('leaves status and stage of an existing open deal to people, and dates a decision', () => {
    const deal = { name: 'Order 1001', status: 'open', amount: { amountMinor: 2_935, currency: 'EUR' } } as const;
    expect(toDealBody('k', deal, { codes, exists: false })).toEqual({ title: 'Order 1001', value: 29.35, currency: 'EUR', status: 'open', custom_fields: { [codes.key]: 'k' } });
    expect(toDealBody('k', deal, { codes, exists: true })).not.toHaveProperty('status');
    expect(toDealBody('k', { ...deal, status: 'lost', closedAt: '2026-11-20T12:00:00.123Z' }, { codes, exists: true }))
      .toMatchObject({ status: 'lost', lost_time: '2026-11-20T12:00:00Z' });
  });

  it('says where the order stands, and believes only what the hub could have written', () => {
    expect(toDealBody('k', { name: 'D', status: 'open', orderStatus: 'shipped' }, { codes, exists: true })).toMatchObject({ custom_fields: { [codes.orderStatus]: 'shipped' } });
    expect(read({ custom_fields: { [codes.orderStatus]: 'shipped' } })).toMatchObject({ orderStatus: 'shipped' });
    expect(read({ custom_fields: { [codes.orderStatus]: 'on its way' } })).not.toHaveProperty('orderStatus');
  });

  it('gives a person without a name his address, and takes a whole name only for one that is there', () => {
    expect(toNewPerson({ email: 'Anna@Example.com' })).toEqual({ name: 'anna@example.com', emails: [{ value: 'anna@example.com', primary: true, label: 'work' }] });
    const person = personSchema.parse({ id: 1, name: 'Anna Muster', emails: [{ value: 'anna@example.com' }], phones: [] });
    expect(toPersonChange(person, { email: 'anna@example.com', firstName: 'Anna' })).toBeUndefined();
    expect(toPersonChange(person, { email: 'anna@example.com', firstName: 'Anna', lastName: 'Meier' })).toEqual({ name: 'Anna Meier' });
    expect(toPersonChange({ ...person, name: 'anna@example.com' }, { email: 'anna@example.com', firstName: 'Anna' })).toEqual({ name: 'Anna' });
  });

  it('shows a deal’s contact by the main address, if it is one', () => {
    const person = personSchema.parse({ id: 1, emails: [{ value: 'old@example.com', primary: false }, { value: 'new@example.com', primary: true }] });
    expect(toDealContact(person)).toEqual({ externalId: '1', email: 'new@example.com' });
    expect(toDealContact(personSchema.parse({ id: 2, emails: [{ value: 'none' }] }))).toEqual({ externalId: '2' });
  });
});
