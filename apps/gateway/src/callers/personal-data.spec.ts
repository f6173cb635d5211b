import { describe, expect, it } from '@jest/globals';
import { fieldsShownTo, personalPlaces, shownTo, textShownTo } from './personal-data.ts';

const stranger = { scopes: new Set(['orders:read']) };
const trusted = { scopes: new Set(['orders:read', 'personal:read']) };

describe('what REST shows of people', () => {
  const order = { id: '1', order: { number: 'N1', customer: { email: 'ada@example.com' } } };

  it('is left out for a caller without the scope, in one record and in lists', () => {
    expect(shownTo(stranger, order, personalPlaces.order)).toEqual({ id: '1', order: { number: 'N1' } });
    expect(shownTo(stranger, { items: [order], nextCursor: 'x' }, personalPlaces.order)).toEqual({ items: [{ id: '1', order: { number: 'N1' } }], nextCursor: 'x' });
    expect(shownTo(stranger, { shipments: [{ id: '1', sample: { contactEmail: 'ada@example.com', campaign: 'spring' } }, { id: '2' }] }, personalPlaces.shipment))
      .toEqual({ shipments: [{ id: '1', sample: { campaign: 'spring' } }, { id: '2' }] });
    const found = { records: [{ externalId: '7', fields: { email: 'ada@example.com', country: 'GB' }, custom: { nickname: 'Countess' } }] };
    expect(shownTo(stranger, found, personalPlaces.contactRecord)).toEqual({ records: [{ externalId: '7', fields: { country: 'GB' } }] });
  });

  it('is left out of fields that wait for a decision, and of those that nobody knows', () => {
    const page = { items: [{ field: 'email', ours: 'ada@example.com', since: 'x' }, { field: 'country', ours: 'GB' }, { field: 'nickname', ours: 'Countess' }], nextCursor: 'y' };
    expect(fieldsShownTo(stranger, page)).toEqual({ items: [{ field: 'email', since: 'x' }, { field: 'country', ours: 'GB' }, { field: 'nickname' }], nextCursor: 'y' });
    expect(fieldsShownTo(trusted, page)).toBe(page);
  });

  it('is left out of text too, which otherwise goes on as it is', () => {
    const text = '{"records": [{"fields": {"email": "ada@example.com"}}]}';
    expect([textShownTo(stranger, text, personalPlaces.contactRecord), textShownTo(trusted, text, personalPlaces.contactRecord)]).toEqual(['{"records":[{"fields":{}}]}', text]);
  });

  it('is shown to a caller with it, and what has another form stays as it is', () => {
    expect(shownTo(trusted, order, personalPlaces.order)).toBe(order);
    for (const answer of [undefined, null, 'text', [], { items: 'none' }, { order: null }]) expect(shownTo(stranger, answer, personalPlaces.order)).toEqual(answer);
  });
});
