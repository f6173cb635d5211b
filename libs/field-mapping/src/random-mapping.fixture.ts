import fc from 'fast-check';
import type { CrmObject, FieldDescription, FieldType, FieldValue, ObjectDescription } from '@crossdock/contracts';
import { canonicalFieldsOf, type CanonicalField } from './canonical-fields.ts';
import { countryCodes } from './country-names.ts';
import { described, options } from './described-fields.fixture.ts';
import { exposedType, isFitting } from './field-fit.ts';
import { transformNames, type FieldMapping, type ObjectMapping } from './field-mapping.ts';

/** A mapping, an account that it fits, and a canonical record. */
export interface RandomMapping {
  readonly mapping: ObjectMapping;
  readonly description: ObjectDescription;
  readonly values: Readonly<Record<string, FieldValue>>;
}

const vendorTypes = [
  'text', 'long_text', 'email', 'phone', 'url', 'integer', 'decimal', 'money', 'boolean', 'date', 'date_time', 'picklist', 'multi_picklist', 'owner',
] as const satisfies readonly FieldType[];
const words = ['open', 'won', 'lost', 'pending', 'Neu', 'In Arbeit', 'Ω', ...countryCodes] as const;
const word = fc.constantFrom(...words);
const owners = ['a@example.com', 'b@example.com'].map((label, index) => ({ value: `00${index}`, label, isActive: true }));

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((each) => each.trimStart() === each);
const time = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
const money = fc.record({ amountMinor: fc.integer(), currency: fc.constantFrom('EUR', 'JPY', 'USD') });
const email = fc.constantFrom('a@example.com', 'b@example.com', 'nobody@example.com');

const canonicalValue: Readonly<Record<CanonicalField['type'], fc.Arbitrary<FieldValue>>> = {
  text, long_text: text, email, money, phone: fc.bigInt({ min: 10n, max: 999_999_999_999_999n }).map((digits) => `+${String(digits)}`),
  country: fc.constantFrom(...countryCodes), hostname: fc.constantFrom('example.com', 'shop.example.co.uk'), date_time: time,
  choice: word,
};

const customValue: Readonly<Record<(typeof vendorTypes)[number], fc.Arbitrary<FieldValue>>> = {
  text, long_text: text, email, phone: text, url: text, integer: fc.integer(), money, boolean: fc.boolean(), date_time: time,
  decimal: fc.integer().map((minor) => (minor / 100).toFixed(2)), date: time.map((each) => each.slice(0, 10)), picklist: word,
  multi_picklist: fc.uniqueArray(word, { minLength: 1, maxLength: 4 }).map((list) => list.sort()), owner: fc.constantFrom('000', '001', '777'),
};

const object = fc.constantFrom<CrmObject>('contact', 'company', 'deal');
const rule = fc.record({
  type: fc.constantFrom(...vendorTypes),
  transform: fc.option(fc.constantFrom(...transformNames), { nil: undefined }),
  pairs: fc.option(fc.uniqueArray(fc.tuple(word, word), { maxLength: 5, selector: ([, vendor]) => vendor }), { nil: undefined }),
  maxLength: fc.option(fc.integer({ min: 8, max: 30 }), { nil: undefined }),
  hasAll: fc.boolean(), isEmpty: fc.boolean(), direction: fc.constantFrom('both', 'out'),
});

/** A rule that fits its canonical field, with a value of that. */
const ruleFor = (canonical: string, known: CanonicalField | undefined) => rule
  .filter(({ type, transform }) => {
    const exposed = exposedType({ type }, transform);
    return exposed !== undefined && isFitting(known?.type, exposed, 'both');
  })
  .chain(({ type, transform, pairs, maxLength, hasAll, isEmpty, direction }) => {
    const field: FieldDescription = described(`Vendor_${canonical}`, type, {
      ...(maxLength !== undefined && { maxLength }),
      ...(/picklist/.test(type) && { options: options(...(hasAll ? words : words.slice(0, 4))) }),
      ...(type === 'owner' && { options: owners }),
    });
    const mapped: FieldMapping = {
      canonical, field: field.name, direction, ...(transform !== undefined && { transform }),
      ...(pairs !== undefined && transform === undefined && { values: Object.fromEntries(pairs) }),
    };
    const custom = transform === 'owner_email' ? email : transform === 'country_name' ? canonicalValue.country : transform === 'website' ? canonicalValue.hostname : customValue[type];
    const choices = known?.choices && fc.constantFrom(...known.choices);
    return fc.record({ field: fc.constant(field), mapped: fc.constant(mapped), value: isEmpty ? fc.constant(null) : choices ?? (known ? canonicalValue[known.type] : custom) });
  });

export const randomMapping: fc.Arbitrary<RandomMapping> = object.chain((kind) => {
  const fields = canonicalFieldsOf(kind);
  const names = [...fields.keys(), 'customOne', 'customTwo', 'customThree'];
  return fc.tuple(...names.map((name) => ruleFor(name, fields.get(name)))).map((rules) => ({
    mapping: { object: kind, fields: rules.map(({ mapped }) => mapped) },
    description: { object: kind, fields: rules.map(({ field }) => field) },
    values: Object.fromEntries(rules.map(({ mapped, value }) => [mapped.canonical, value])),
  }));
});
