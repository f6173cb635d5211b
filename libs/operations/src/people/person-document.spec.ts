import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PersonDocument } from './person-document.ts';
import { PersonMatch, Pseudonyms, type Person } from './person.ts';

const ada: Person = { emails: ['ada@example.com'], phones: ['+15550142277'], names: ['Ada Lovelace'], contacts: [] };
const salt = randomBytes(32);
const documents = new PersonDocument(new PersonMatch(ada));
const erase = (document: Readonly<Record<string, unknown>>, isWholly = false) => documents.erase(document, new Pseudonyms(ada, salt), isWholly);
const pseudonym = expect.stringMatching(/^erased-[\da-f]{16}@erased\.invalid$/);

describe('a document that names a person', () => {
  it('loses who and where she is, and keeps its shape and all else', () => {
    expect(erase({ order: { number: '7', customer: { email: 'Ada@example.com', firstName: 'Ada', phone: '+15550142277', country: 'GB' }, total: { amountMinor: 5, currency: 'GBP' } } })).toEqual({
      order: { number: '7', customer: { email: pseudonym, firstName: 'erased', phone: expect.stringMatching(/^\+999\d{10}$/), country: 'GB' }, total: { amountMinor: 5, currency: 'GBP' } },
    });
  });

  it('loses what stands beside her as hers, but not the sender, the lines and other people in a list', () => {
    expect(erase({
      from: { name: 'Shop', street1: '1 Main Street' }, to: { name: 'Ada Lovelace', street1: '2 Elm Street', city: 'Ely', state: 'CA', postalCode: '1', country: 'US', email: 'ada@example.com' }, billing: { city: 'Ely' },
      lines: [{ name: 'Tea' }], state: 'open', contacts: [{ name: 'Bob', email: 'bob@example.com' }, { name: 'Ada', email: 'ada@example.com' }],
    })).toEqual({
      from: { name: 'Shop', street1: '1 Main Street' }, to: { name: 'erased', street1: 'erased', city: 'erased', state: 'erased', postalCode: 'erased', country: 'US', email: pseudonym }, billing: { city: 'erased' },
      lines: [{ name: 'Tea' }], state: 'open', contacts: [{ name: 'Bob', email: 'bob@example.com' }, { name: 'erased', email: pseudonym }],
    });
  });

  it('loses her in text and in JSON that is kept as text, and what was erased beside it', () => {
    expect(erase({ email: 'ada@example.com', lastName: 'Lovelace', error: 'ada@example.com (Mrs Lovelace, +15550142277) is unknown', body: '{"to":{"email":"ada@example.com","name":"A"}}' })).toEqual({
      email: pseudonym, lastName: 'erased', error: expect.stringMatching(/^erased-\w+@erased\.invalid \(Mrs erased, \+999\d{10}\) is unknown$/), body: expect.stringMatching(/^\{"to":\{"email":"erased-\w+@erased\.invalid","name":"erased"\}\}$/),
    });
  });

  it('is another document where the address is part of a longer one', () => {
    const document = { email: 'moada@example.com', other: 'ada@example.com.au', phone: '+155501422779', name: 'Mo' };
    expect(erase(document)).toEqual(document);
    expect(new PersonMatch(ada).isIn(JSON.stringify(document))).toBe(false);
  });

  it('is not hers by a number that stands beside somebody else’s address', () => {
    expect(new PersonMatch(ada).isIn('bob@example.com +15550142277')).toBe(false);
    expect(new PersonMatch(ada).isIn('+15550142277')).toBe(true);
  });

  it('is hers wholly where that is known from elsewhere', () => {
    expect(erase({ name: 'Ada Lovelace – 7', status: 'won' }, true)).toEqual({ name: 'erased', status: 'won' });
  });

  it('gives the same pseudonym for the same address within a request, and another one in another request', () => {
    expect(erase({ email: 'ada@example.com' })).toEqual(erase({ email: 'ADA@example.com' }));
    expect(documents.erase({ email: 'ada@example.com' }, new Pseudonyms(ada, randomBytes(32)), false)).not.toEqual(erase({ email: 'ada@example.com' }));
  });

  it('tells what she is called', () => {
    expect(documents.names({ customer: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' }, owner: { firstName: 'Bob', lastName: 'Noyce' } })).toEqual(['Ada Lovelace']);
  });

  it('is handed over without other people', () => {
    expect(documents.extract({ name: 'Deal', contacts: [{ email: 'bob@example.com' }, { email: 'ada@example.com' }], owner: 'bob@example.com' }, false)).toEqual({
      name: 'Deal', contacts: [{ email: 'ada@example.com' }], owner: '[somebody else]',
    });
  });
});
