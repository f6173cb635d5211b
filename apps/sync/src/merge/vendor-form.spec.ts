import { randomUUID } from 'node:crypto';
import type { FieldValue } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import type { SyncRules } from './sync-rules.ts';
import { newLink, type SyncedRecord } from './synced-record.ts';
import { takeAnswer } from './take-answer.ts';
import { takeState } from './take-state.ts';
import { mayBeFormOf } from './vendor-form.ts';

describe('what a vendor may have made of a value', () => {
  it.each<[FieldValue, FieldValue]>([
    ['Anna@Example.com', 'anna@example.com'], ['+49 30 1234', '+49301234'], ['A long description', 'A long desc'], [' Anna ', 'Anna'], ['12.50', '12.5'],
    ['2026-11-21T23:30:00.000Z', '2026-11-21T00:00:00.000Z'], [2.6, 3], ['Anna', null],
    [{ amountMinor: 1_049, currency: 'EUR' }, { amountMinor: 1_000, currency: 'EUR' }],
  ])('is, of %p, %p', (ours, theirs) => {
    expect(mayBeFormOf(ours, theirs)).toBe(true);
  });

  it.each<[FieldValue, FieldValue]>([
    ['Anna', 'Hannah'], ['+49301111', '+49302222'], [null, 'Anna'], [1, 3], [true, false], ['Gold', '-'], ['2026-11-21T00:00:00.000Z', '2026-12-21T00:00:00.000Z'],
    [{ amountMinor: 1_000, currency: 'EUR' }, { amountMinor: 1_000, currency: 'USD' }], [['Tea'], ['Coffee']],
  ])('is not, of %p, %p', (ours, theirs) => {
    expect(mayBeFormOf(ours, theirs)).toBe(false);
  });
});

describe('an account whose times are whole seconds', () => {
  const [connectionId, second] = [randomUUID(), '2026-11-21T10:00:00.000Z'];
  const rules: SyncRules = {
    object: 'contact', authority: {}, conflicts: 'latest_wins', gone: 'ignore', sides: [{ connectionId, vendor: 'salesforce', reads: true, writes: true }],
  };
  const requestId = randomUUID();
  const written = (value: FieldValue, held: FieldValue, keptAs?: Record<string, FieldValue>): SyncedRecord => takeAnswer({
    golden: { id: randomUUID(), object: 'contact', fields: { phone: value }, origins: {}, associations: [], state: 'live' },
    links: new Map([[connectionId, {
      ...newLink(connectionId), externalId: '1', seen: { phone: { theirs: held, ours: held } },
      pending: { requestId, fields: { phone: value }, associate: [], dissociate: [], isOvertaken: false },
    }]]),
  }, connectionId, requestId, { outcome: 'written', externalId: '1', created: false, modifiedAt: second, kept: ['phone'], ...(keptAs && { keptAs }) }, second).record;
  const told = (record: SyncedRecord, phone: FieldValue) => takeState(record, {
    connectionId, externalId: '1', modifiedAt: second, toldAt: second, fields: { phone }, associations: [], unknownAssociations: [],
  }, rules);

  it('has what a person changed in the very second of our write taken over', () => {
    const { record, changed } = told(written('+49301111', null), '+49302222');
    expect([record.golden.fields, changed]).toEqual([{ phone: '+49302222' }, ['phone']]);
  });

  it('has the form that it said it keeps of our value taken for no change, however far from it', () => {
    const { record, changed } = told(written('+49301111', null, { phone: 'by post only' }), 'by post only');
    expect([record.golden.fields, changed]).toEqual([{ phone: '+49301111' }, []]);
    expect(told(record, '+49302222').changed).toEqual(['phone']);
  });

  it('has its form of our value, or the value that it keeps whatever is written, taken for no change', () => {
    for (const [held, theirs] of [[null, '+49 30 1111'], ['+49302222', '+49302222']] as const) {
      const { record, changed } = told(written('+49301111', held), theirs);
      expect([record.golden.fields, changed]).toEqual([{ phone: '+49301111' }, []]);
    }
  });
});
