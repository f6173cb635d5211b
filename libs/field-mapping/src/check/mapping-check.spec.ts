import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalFieldsOf } from '../canonical-fields.ts';
import { account, described, mapping, options } from '../described-fields.fixture.ts';
import { mappingRulesSchema } from '../field-mapping.ts';
import { randomMapping } from '../random-mapping.fixture.ts';
import { createRecordMapper } from '../record-mapper.ts';
import { checkMapping, checkRules } from './mapping-check.ts';

const contact = account('contact',
  described('Email', 'email'), described('LastName', 'text', { maxLength: 80, isRequired: true }), described('FirstName', 'text', { maxLength: 255 }),
  described('MailingCountry', 'picklist', { options: options('Germany', 'France') }), described('Region', 'picklist', { options: [...options('North', 'South'), { value: 'East', label: 'East', isActive: false }] }),
  described('Owner', 'owner', { options: [{ value: '1', label: 'a@example.com', isActive: true }] }), described('Score__c', 'integer', { label: 'Lead score' }), described('Formula', 'text', { isReadOnly: true }),
  described('Interests', 'multi_picklist', { options: options('Tea', 'Coffee') }), described('Account', 'reference'));
const deal = account('deal', described('Stage', 'picklist', { options: options('Open', 'Won', 'Lost') }), described('Closed', 'date'), described('Amount', 'decimal'), described('Note', 'text', { maxLength: 10 }));

type Rule = Parameters<typeof mapping>[1];
const problems = (description: typeof contact, ...rules: Rule[]) => checkMapping(mapping(description.object, ...rules), description)
  .filter(({ code }) => code !== 'required_unfilled').map(({ severity, code, canonical = '', field = '', message, remedy }) => `${severity} ${code} ${canonical}→${field}: ${message} ${remedy}`);

describe('the check of a mapping', () => {
  it('finds nothing wrong with one that fits', () => {
    expect(checkMapping(mapping('contact', ['email', 'Email'], ['lastName', 'LastName', { transform: 'truncate' }], ['country', 'MailingCountry', { transform: 'country_name' }],
      ['region', 'Region', { values: { n: 'North', s: 'South' } }], ['interests', 'Interests'], ['ownerEmail', 'Owner', { transform: 'owner_email' }], ['formula', 'Formula', { direction: 'in' }]), contact)).toEqual([]);
  });

  it.each<[string, typeof contact, Rule[], Array<string | RegExp>]>([
    ['a field that the account does not have, with those that it is like', contact, [['lastName', 'Lastname']], ['error unknown_field lastName→Lastname: The account has no field Lastname of a contact, or does not show it to the connection. Did you mean LastName?']],
    ['a field by its label', contact, [['score', 'Lead score']], [/^error unknown_field .*Did you mean Score__c\?$/]],
    ['a field that is like none', contact, [['score', 'qqqqqq']], [/^error unknown_field .*Name a field that the account’s schema lists/]],
    ['a write to what is read only', contact, [['note', 'Formula', { direction: 'out' }]], [/^error read_only note→Formula: .*direction in/]],
    ['a number for a text', contact, [['firstName', 'Score__c']], ['error type_misfit firstName→Score__c: firstName is a text of at most 255 characters, and Score__c is a whole number. Map to a field that is a text or a long text.']],
    ['an amount without a currency', deal, [['amount', 'Amount']], [/^error type_misfit .*Amount is a decimal number\. Map to a field that is an amount with its currency\.$/]],
    ['one value for a list of several', contact, [['lastName', 'Interests']], [/^error type_misfit/]],
    ['a country in a picklist of names', contact, [['country', 'MailingCountry']], [/^error not_readable .*Germany and France .*use a transform/]],
    ['a transform for another type', contact, [['email', 'Email', { transform: 'website' }]], ['error transform_misfit email→Email: The transform website is not for an e-mail, which Email is. Leave it out, or map to a field of type url, text or long text.']],
    ['a transform for another canonical type', contact, [['lastName', 'MailingCountry', { transform: 'country_name' }]], [/^error type_misfit .*MailingCountry with the transform country_name/]],
    ['values for what has no words', contact, [['score', 'Score__c', { values: { a: 'b' } }]], [/^error values_misfit/]],
    ['values beside a transform', contact, [['country', 'MailingCountry', { transform: 'country_name', values: { DE: 'Germany' } }]], [/^error values_misfit/]],
    ['an option that is missing, with those that it is like', contact, [['region', 'Region', { values: { n: 'north' } }]], [/^error option_missing region→Region: Region has no option "north"\. Did you mean North\?/]],
    ['a missing option that is to be read', contact, [['region', 'Region', { values: { n: 'Nowhere' }, direction: 'in' }]], [/^error option_missing .*Name one of its options/]],
    ['an inactive option that is to be written', contact, [['region', 'Region', { values: { e: 'East' } }]], [/^error option_inactive .*Activate it/]],
    ['a word that stands for two', contact, [['region', 'Region', { values: { n: 'North', up: 'North' } }]], [/^error ambiguous_value .*"North" of Region/]],
    ['a canonical value that there is not', deal, [['status', 'Stage', { values: { open: 'Open', won: 'Won', lost: 'Lost', maybe: 'Open' }, direction: 'out' }]], [/^error unknown_value .*never "maybe"\. It is one of open, won and lost/]],
    ['canonical values without a counterpart', deal, [['status', 'Stage', { values: { open: 'Open' }, direction: 'out' }]], [/^warning no_counterpart status→Stage: won and lost of status cannot be written/]],
    ['vendor values without a counterpart', deal, [['status', 'Stage', { values: { open: 'Open', won: 'Won' }, direction: 'in' }]], [/^warning not_readable status→Stage: Lost of Stage cannot be read/]],
    ['a field that is shorter', contact, [['lastName', 'LastName']], ['warning too_long lastName→LastName: lastName may have 255 characters there, and LastName takes 80: longer values are refused, record by record. Use the transform truncate, or lengthen the field in the account.']],
    ['a word that is longer than the field', deal, [['orderStatus', 'Note', { values: { pending: 'not yet paid' } }]], [/^warning too_long .*12 characters/]],
    ['a day for a point in time', deal, [['closedAt', 'Closed']], [/^warning day_only .*in UTC/]],
    ['ids that mean nothing elsewhere', contact, [['owner', 'Owner'], ['account', 'Account']], [/^warning foreign_ids owner→Owner: .*owner_email/, /^warning foreign_ids account→Account/]],
    ['one field that two rules write', contact, [['email', 'Email'], ['otherEmail', 'Email']], [/^error written_twice email→Email: .*email and otherEmail/, /^error written_twice otherEmail→Email/]],
    ['a name that is hardly meant', contact, [['first_name', 'FirstName']], [/^warning misspelt_canonical first_name→FirstName: .*beside firstName/]],
  ])('names %s', (_, description, rules, expected) => {
    expect(problems(description, ...rules)).toEqual(expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))));
  });

  it('says what a new record needs that no rule writes, where any is written', () => {
    expect(checkMapping(mapping('contact', ['email', 'Email']), contact)).toMatchObject([{ severity: 'warning', code: 'required_unfilled', field: 'LastName' }]);
    expect(checkMapping(mapping('contact', ['email', 'Email', { direction: 'in' }]), contact)).toEqual([]);
  });

  it('tells all at once', () => {
    expect(problems(contact, ['firstName', 'Score__c'], ['lastName', 'Nope'], ['note', 'Formula'])).toHaveLength(3);
  });

  it('leaves no value of the hub’s own fields to be refused where it finds nothing', () => {
    fc.assert(fc.property(randomMapping, ({ mapping: objectMapping, description, values }) => {
      const found = new Set(checkMapping(objectMapping, description).map(({ canonical }) => canonical));
      const own = canonicalFieldsOf(objectMapping.object);
      const clean = objectMapping.fields.filter(({ canonical }) => !found.has(canonical) && own.has(canonical) && own.get(canonical)?.type !== 'country' && values[canonical] !== null);
      const { problems: refused } = createRecordMapper({ ...objectMapping, fields: clean }, description).toVendor(values);
      expect(refused).toEqual([]);
    }), { numRuns: 1_000 });
  });
});

describe('the check of a tenant’s rules', () => {
  const defaults = { email: { field: 'Email' }, lastName: { field: 'LastName', transform: 'truncate' as const }, phone: { field: 'Phone' }, country: { field: 'Score__c' } };
  const check = (rules: unknown) => checkRules(defaults, mappingRulesSchema.parse(rules), contact);

  it('warns of defaults that do not fit the account, and refuses nothing for them', () => {
    const { mapping: { fields }, problems: found } = check({});
    expect(fields.map(({ canonical }) => canonical)).toEqual(['email', 'lastName', 'country']);
    expect(found.map(({ severity, code, canonical }) => [severity, code, canonical])).toEqual([['warning', 'type_misfit', 'country'], ['warning', 'default_left_out', 'phone']]);
  });

  it('refuses what the tenant asks for and cannot have', () => {
    const { problems: found } = check({ fields: [{ canonical: 'nickname', field: 'LastName' }, { canonical: 'phone', field: 'Mobile' }], off: ['country', 'shoeSize'] });
    expect(found.map(({ severity, code, canonical }) => [severity, code, canonical])).toEqual([
      ['error', 'unknown_field', 'phone'], ['error', 'written_twice', 'nickname'], ['error', 'nothing_to_switch_off', 'shoeSize'], ['warning', 'written_twice', 'lastName'],
    ]);
  });
});
