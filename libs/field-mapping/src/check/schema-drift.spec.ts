import { describe, expect, it } from '@jest/globals';
import type { FieldDescription } from '@crossdock/contracts';
import { account, described, mapping, options } from '../described-fields.fixture.ts';
import { schemaDrift } from './schema-drift.ts';

const fields: readonly FieldDescription[] = [
  described('Name', 'text', { maxLength: 120 }), described('Stage', 'picklist', { options: options('Open', 'Won', 'Lost') }),
  described('Owner', 'owner', { options: options('1', '2') }), described('Budget', 'text'), described('Unused', 'text'),
];
const rules = mapping('deal', ['name', 'Name'], ['status', 'Stage', { values: { open: 'Open', won: 'Won', lost: 'Lost' } }], ['owner', 'Owner'], ['budget', 'Budget', { direction: 'in' }]);
/** What is told of an account in which one field has become another. */
const drift = (name: string, change: Partial<FieldDescription> | undefined, more: FieldDescription[] = []) => schemaDrift(account('deal', ...fields),
  account('deal', ...fields.flatMap((field) => (field.name !== name ? [field] : change ? [{ ...field, ...change }] : [])), ...more), rules)
  .map(({ severity, code, canonical = '', field = '', message, remedy }) => `${severity} ${code} ${canonical}→${field}: ${message} ${remedy}`);

describe('the drift of an account', () => {
  it('is nothing where no rule is hit', () => {
    expect([drift('Name', {}), drift('Name', { maxLength: 200, label: 'Title' }), drift('Unused', undefined), drift('Unused', { type: 'date' })]).toEqual([[], [], [], []]);
    expect(drift('Budget', { isReadOnly: true })).toEqual([]);
    expect(drift('Stage', { options: [...options('Open', 'Won', 'Lost', 'New')] })).toEqual([]);
  });

  it.each<[string, string, Partial<FieldDescription> | undefined, RegExp]>([
    ['a field that was removed', 'Name', undefined, /^warning field_removed name→Name: .*what the hub knows of it stays/],
    ['another type that does not fit', 'Name', { type: 'integer' }, /^warning type_changed .*was a text and is now a whole number, which the rule does not fit: .*Map to a field/],
    ['another type that fits', 'Name', { type: 'long_text' }, /^warning type_changed .*was a text and is now a long text\. See whether/],
    ['a field that became read only', 'Name', { isReadOnly: true }, /^warning became_read_only/],
    ['a field that became shorter', 'Name', { maxLength: 40 }, /^warning became_shorter .*40 characters/],
    ['an option that was removed', 'Stage', { options: options('Open', 'Won') }, /^warning option_removed status→Stage: Stage no longer has the option "Lost"/],
    ['an option that got another value', 'Stage', { options: [...options('Open', 'Won'), { value: 'closed_lost', label: 'Lost', isActive: true }] }, /^warning option_renamed .*"Lost" of Stage is now "closed_lost"/],
    ['an option that was deactivated', 'Stage', { options: [...options('Open', 'Won'), { value: 'Lost', label: 'Lost', isActive: false }] }, /^warning option_deactivated .*"Lost"/],
    ['owners who left, without naming them', 'Owner', { options: options('2') }, /^warning owners_left owner→Owner: 1 owners/],
  ])('tells of %s', (_, name, change, expected) => {
    expect(drift(name, change)).toEqual([expect.stringMatching(expected)]);
  });

  it('tells of a field that new records now need', () => {
    expect(drift('Unused', { isRequired: true })).toEqual([expect.stringMatching(/^warning became_required →Unused/)]);
    expect(drift('Name', {}, [described('Brand_new', 'text', { isRequired: true })])).toEqual([expect.stringMatching(/^warning became_required →Brand_new/)]);
  });
});
