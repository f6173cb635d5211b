import { describe, expect, it } from '@jest/globals';
import { account, described } from './described-fields.fixture.ts';
import { effectiveMapping } from './effective-mapping.ts';
import { mappingRulesSchema } from './field-mapping.ts';

const description = account('deal', described('Name', 'text'), described('Stage', 'picklist'), described('Amount', 'money', { isReadOnly: true }), described('Region__c', 'text'));
const defaults = { name: { field: 'Name' }, status: { field: 'Stage', values: { won: 'Closed Won' } }, amount: { field: 'Amount' }, orderStatus: { field: 'Order_Status__c' } };
const rulesOf = (rules: unknown) => effectiveMapping('deal', defaults, mappingRulesSchema.parse(rules), description).fields;

describe('the rules that hold in an account', () => {
  it('are the defaults as far as the account has their fields; what is read only is only read', () => {
    expect(rulesOf({})).toEqual([
      { canonical: 'name', field: 'Name', direction: 'both' },
      { canonical: 'status', field: 'Stage', direction: 'both', values: { won: 'Closed Won' } },
      { canonical: 'amount', field: 'Amount', direction: 'in' },
    ]);
  });

  it('are the tenant’s own in place of the defaults of their canonical fields, and without those that are switched off', () => {
    const own = { canonical: 'status', field: 'Region__c', direction: 'in' };
    expect(rulesOf({ fields: [own, { canonical: 'region', field: 'Region__c' }], off: ['amount'] })).toEqual([
      { canonical: 'name', field: 'Name', direction: 'both' }, own, { canonical: 'region', field: 'Region__c', direction: 'both' },
    ]);
  });

  it('do not read what the hub alone knows, and leave it out where it may not be written', () => {
    const out = { lineItems: { field: 'Name', direction: 'out' }, orderSource: { field: 'Amount', direction: 'out' } } as const;
    expect(effectiveMapping('deal', out, mappingRulesSchema.parse({}), description).fields).toEqual([{ canonical: 'lineItems', field: 'Name', direction: 'out' }]);
  });

  it('name a canonical field once', () => {
    const twice = mappingRulesSchema.safeParse({ fields: [{ canonical: 'name', field: 'A' }, { canonical: 'name', field: 'B' }, { canonical: 'phone', field: 'C' }], off: ['phone'] });
    expect(twice.error?.issues.map(({ path }) => path.join('/'))).toEqual(['fields/1/canonical', 'fields/2/canonical']);
  });
});
