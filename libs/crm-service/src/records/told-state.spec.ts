import { randomUUID } from 'node:crypto';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import type { CrmRecord } from '@crossdock/crm-connector';
import { describe, expect, it } from '@jest/globals';
import { toState } from './told-state.ts';

const connection = { id: randomUUID(), vendor: 'hubspot' } as const;
const record = (object: CrmObject, more: Partial<CrmRecord> = {}): CrmRecord => ({ object, id: '7', modifiedAt: '2026-11-21T12:00:00.000Z', fields: {}, associations: [], ...more });
const values = (fields: Record<string, FieldValue>, custom: Record<string, FieldValue> = {}) =>
  ({ fields, custom, known: [...Object.keys(fields), ...Object.keys(custom)], problems: [] });

describe('the state of a record', () => {
  it('has its fields, the tenant’s own among them, its key, and what it names', () => {
    const company = { object: 'company', id: '3' } as const;
    const { state, problems } = toState(record('contact', { key: 'golden', associations: [company] }), { connection, values: values({ lastName: 'Muster' }, { shoeSize: 42 }) });
    expect(problems).toEqual([]);
    expect(state).toEqual({
      object: 'contact',
      data: {
        lastName: 'Muster', custom: { shoeSize: 42 }, externalKey: 'golden', known: ['lastName', 'shoeSize'], modifiedAt: '2026-11-21T12:00:00.000Z',
        source: { vendor: 'hubspot', connectionId: connection.id, externalId: '7' }, associations: [{ object: 'company', externalId: '3' }],
      },
    });
  });

  it.each([['deal', { name: 'Deal 7', status: 'open', contacts: [] }], ['company', { name: 'Company 7' }]] as const)(
    'stands in for what every %s must have, and does not call that known', (object, expected) => {
      const { state, problems } = toState(record(object), { connection, values: values({}) });
      expect({ state, problems }).toMatchObject({ problems: [], state: { object, data: { ...expected, known: [] } } });
    });

  it.each([['contact', { lastName: 'Muster' }, 'email', 'no address'], ['deal', { status: 'open' }, 'name', 'x'.repeat(256)]] as const)(
    'of a %s leaves out a value that its form does not take, and reports it without quoting it', (object, fields, wrong, value) => {
      const { state, problems } = toState(record(object), { connection, values: values({ ...fields, [wrong]: value }) });
      expect(problems).toMatchObject([{ kind: 'invalid', field: wrong, record: `hubspot ${object} 7` }]);
      expect(problems[0]?.message).not.toContain(value);
      expect(state?.data.known).toEqual(Object.keys(fields));
    });

  it('is not told at all where what it names cannot be said', () => {
    const { state, problems } = toState(record('contact', { associations: [{ object: 'company', id: '' }] }), { connection, values: values({}) });
    expect(state).toBeUndefined();
    expect(problems).toMatchObject([{ field: 'associations' }]);
  });
});
