import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalFieldsOf } from './canonical-fields.ts';
import { account, described, mapping, options } from './described-fields.fixture.ts';
import type { ObjectMapping } from './field-mapping.ts';
import { randomMapping } from './random-mapping.fixture.ts';
import { createRecordMapper, type CanonicalValues } from './record-mapper.ts';

/** All that was read, null where it is known to be empty. */
const read = ({ fields, custom, known }: CanonicalValues) => Object.fromEntries(known.map((name) => [name, fields[name] ?? custom[name] ?? null]));
const isLossless = ({ transform, direction }: ObjectMapping['fields'][number]) => direction === 'both' && transform !== 'truncate';

describe('a record carried over to a CRM and back', () => {
  it('is what it was, but for what the mapping reports or does not keep', () => {
    fc.assert(fc.property(randomMapping, ({ mapping: { object, fields }, description, values }) => {
      const mapper = createRecordMapper({ object, fields }, description);
      const { fields: written, kept, problems } = mapper.toVendor(values);
      const back = mapper.toCanonical(written);
      expect(problems).toHaveLength(fields.length - Object.keys(kept).length);
      expect(back.problems).toEqual([]);
      const isWhole = (name: string) => {
        const rule = fields.find(({ canonical }) => canonical === name);
        const isDay = description.fields.find((field) => field.name === rule?.field)?.type === 'date' && canonicalFieldsOf(object).has(name);
        return rule !== undefined && isLossless(rule) && !isDay;
      };
      for (const [name, value] of Object.entries(read(back))) if (isWhole(name)) expect([name, value]).toEqual([name, values[name]]);
    }), { numRuns: 1_000 });
  });

  it('reads back what it said that is kept, and the same again when that is written', () => {
    fc.assert(fc.property(randomMapping, ({ mapping: objectMapping, description, values }) => {
      const mapper = createRecordMapper(objectMapping, description);
      const { fields, kept } = mapper.toVendor(values);
      const back = read(mapper.toCanonical(fields));
      for (const { canonical, direction } of objectMapping.fields) {
        if (direction === 'both' && canonical in kept) expect([canonical, back[canonical]]).toEqual([canonical, kept[canonical]]);
      }
      expect(mapper.toVendor(back).fields).toEqual(Object.fromEntries(objectMapping.fields
        .filter(({ canonical, direction }) => direction === 'both' && canonical in kept).map(({ field }) => [field, fields[field]])));
    }), { numRuns: 1_000 });
  });

  it('keeps the day of a point in time in UTC where the CRM keeps days', () => {
    const mapper = createRecordMapper(mapping('deal', ['closedAt', 'Closed']), account('deal', described('Closed', 'date')));
    expect(mapper.toVendor({ closedAt: '2026-11-20T23:30:00.000Z' })).toMatchObject({ fields: { Closed: '2026-11-20' }, kept: { closedAt: '2026-11-20T00:00:00.000Z' } });
  });
});

describe('a record on its way to a CRM', () => {
  const description = account('contact', described('Mail', 'email'), described('Last', 'text', { maxLength: 10, isRequired: true }), described('Score', 'integer', { isReadOnly: true }),
    described('Topics', 'multi_picklist', { options: [...options('a', 'b'), { value: 'old', label: 'Old', isActive: false }] }));
  const mapper = createRecordMapper(mapping('contact', ['email', 'Mail'], ['lastName', 'Last'], ['score', 'Score'], ['topics', 'Topics'], ['gone', 'Gone'], ['phone', 'Mail', { direction: 'in' }]), description);
  const refusal = (values: Parameters<typeof mapper.toVendor>[0]) => {
    const { problems: [problem] } = mapper.toVendor(values);
    return `${problem?.kind ?? ''} ${problem?.field ?? ''}: ${problem?.message ?? ''}`;
  };

  it('brings only what it holds and the mapping writes, and empties what is null', () => {
    expect(mapper.toVendor({ email: null, phone: '+4930123456', unmapped: 'x' })).toEqual({ fields: { Mail: null }, kept: { email: null }, problems: [] });
  });

  it('leaves out a value that does not fit, says why without quoting it, and brings the others', () => {
    const { fields, kept, problems } = mapper.toVendor({ email: 'a@example.com', lastName: 'Mustermann-Beispiel' });
    expect([fields, kept]).toEqual([{ Mail: 'a@example.com' }, { email: 'a@example.com' }]);
    expect(problems).toEqual([expect.objectContaining({ kind: 'invalid', field: 'Last', message: 'The CRM\'s field Last (lastName in the hub) takes 10 characters, and the value has more; shorten it, or use the transform truncate.' })]);
  });

  it('is refused by what the account does not have, does not let write, or must have', () => {
    expect(refusal({ gone: 'x' })).toMatch(/^invalid Gone: .*not in the account/);
    expect(refusal({ score: 7 })).toMatch(/^invalid Score: .*read only/);
    expect(refusal({ lastName: null })).toMatch(/^invalid Last: .*cannot be emptied/);
  });

  it('is refused by an option that is missing or no longer active, and by another type', () => {
    expect(mapper.toVendor({ topics: ['b', 'a'] }).fields).toEqual({ Topics: ['a', 'b'] });
    for (const topics of [['a', 'c'], ['old']]) expect(refusal({ topics })).toMatch(/^invalid Topics: .*no active option/);
    expect(refusal({ topics: 'a' })).toMatch(/^invalid Topics: .*takes several of a list/);
  });
});

describe('a record on its way from a CRM', () => {
  const description = account('company', described('Name', 'text'), described('Phone', 'phone'), described('Stage', 'picklist', { options: options('New', 'Old', 'Ancient') }));
  const mapper = createRecordMapper(mapping('company', ['name', 'Name'], ['phone', 'Phone'], ['stage', 'Stage', { values: { fresh: 'New', aged: ['Old', 'Ancient'] } }]), description);

  it('tells what it holds, what is empty, and asks for no more than it reads', () => {
    expect(mapper.selectedFields).toEqual(['Name', 'Phone', 'Stage']);
    expect(mapper.toCanonical({ Name: 'Muster', Phone: null, Stage: 'Ancient', Other: 'x' })).toEqual({
      fields: { name: 'Muster' }, custom: { stage: 'aged' }, known: ['name', 'phone', 'stage'], problems: [],
    });
  });

  it('reports what has no canonical form, and then does not take it for empty', () => {
    const { fields, known, problems } = mapper.toCanonical({ Name: null, Phone: '030 123456', Stage: 'New' });
    expect([fields, known]).toEqual([{}, ['stage']]);
    expect(problems.map(({ kind, field, message }) => `${kind} ${field ?? ''} ${message}`)).toEqual([
      expect.stringMatching(/^invalid Name .*is empty, and the hub has no record without it/),
      expect.stringMatching(/^invalid Phone .*begin it with \+/),
    ]);
    expect(JSON.stringify(problems.map(({ message }) => message))).not.toContain('123456');
  });

  it.each(['+49 30 123456', '0049 (0)30/123-456', '+49.30.12.34.56'])('reads the phone number %s', (number) => {
    expect(mapper.toCanonical({ Phone: number }).fields).toEqual({ phone: '+4930123456' });
  });

  it.each([['030 123456', 'Germany', '+4930123456'], ['(212) 555-0100', 'USA', '+12125550100'], ['+49 30 123456', 'USA', '+4930123456']])('reads the phone number %s as it is dialled in %s', (number, name, expected) => {
    const withCountry = createRecordMapper(mapping('contact', ['phone', 'Phone'], ['country', 'Country', { transform: 'country_name' }]), account('contact', described('Phone', 'phone'), described('Country', 'text')));
    expect(withCountry.selectedFields).toEqual(['Country', 'Phone']);
    expect(withCountry.toCanonical({ Phone: number, Country: name }).fields).toMatchObject({ phone: expected });
    expect(withCountry.toCanonical({ Phone: '12', Country: name })).toMatchObject({ known: ['country'], problems: [{ field: 'Phone' }] });
  });

  it('does not read what the account no longer has', () => {
    const poorer = createRecordMapper(mapping('company', ['name', 'Name'], ['phone', 'Phone']), account('company', described('Name', 'text')));
    expect(poorer.selectedFields).toEqual(['Name']);
    expect(poorer.toCanonical({ Name: 'Muster' }).known).toEqual(['name']);
  });
});
