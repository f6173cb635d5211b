import type { FieldDescription, FieldValue } from '@crossdock/contracts';
import { canonicalForms, type CanonicalField } from './canonical-fields.ts';
import { wordTypes } from './field-fit.ts';
import type { FieldMapping } from './field-mapping.ts';
import { readPhoneNumber } from './phone-number.ts';
import { Refusal, transforms, type Conversion } from './transforms.ts';
import { ValueWords } from './value-words.ts';
import { vendorValueGate } from './vendor-value.ts';

/** How one rule carries values over, in an account whose field is described. */
export interface RuleConversion {
  readonly out: (value: FieldValue) => FieldValue | Refusal;
  /** @param country of the record, as far as it was read. */
  readonly in: (value: FieldValue, country?: string) => FieldValue | Refusal;
  /** What is written is read back as it was: nothing stands between. */
  readonly isPlain: boolean;
}

const neverEmpty = new Refusal('cannot be emptied: every record has a value there.');
const empty = new Refusal('is empty, and the hub has no record without it; fill it in the account.');

/** @param canonical the hub's own field, or undefined for a custom one, which has the type of the vendor's. */
export function ruleConversion(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): RuleConversion {
  const steps = stepsOf(rule, canonical, field);
  const gate = vendorValueGate(field);
  const [outSteps, inSteps] = [[...steps.map((step) => step.out), gate], [...steps.map((step) => step.in).reverse(), canonicalGate(canonical)]];
  return {
    isPlain: steps.length === 0,
    out: (value) => {
      const result = value === null ? null : chain(value, outSteps);
      return result === null && (field.isRequired || canonical?.isRequired === true) ? neverEmpty : result;
    },
    in: (value, country) => {
      const result = value === null ? null : chain(value, inSteps, country);
      return result === null && canonical?.isRequired === true ? empty : result;
    },
  };
}

interface Step { readonly out: Conversion; readonly in: Conversion }

/** What stands between, from the canonical side to the vendor's. */
function stepsOf(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): Step[] {
  const order = field.type === 'multi_picklist' ? [sorted] : [];
  return [
    ...order,
    ...(canonical?.type === 'date_time' && field.type === 'date' ? [days] : []),
    ...(canonical?.type === 'phone' ? [phones] : []),
    ...(rule.values !== undefined && wordTypes.has(field.type) ? [wordStep(rule)] : []),
    ...(rule.transform === undefined ? [] : [transforms[rule.transform].build(field)]),
    ...order,
  ];
}

/** A point in time is the day that it falls on in UTC, and a day is its start. */
const days: Step = {
  out: (value) => (typeof value === 'string' ? value.slice(0, 10) : value),
  in: (value) => (typeof value === 'string' ? `${value}T00:00:00.000Z` : value),
};

const phones: Step = { out: (value) => value, in: (value, country) => (typeof value === 'string' ? readPhoneNumber(value, country) ?? noNumber : value) };
const noNumber = new Refusal('holds no phone number that tells its country; begin it with + and the code of the country, or fill in the country of the record.');

/** Words of which several are chosen have no order of their own; they are told in one, on each side. */
const inOrder: Conversion = (value) => (Array.isArray(value) ? [...new Set(value)].sort() : value);
const sorted: Step = { out: inOrder, in: inOrder };

const noWord = new Refusal('has no counterpart for the value, because its word stands for another one; name one in the mapping.');

function wordStep(rule: FieldMapping): Step {
  const words = new ValueWords(rule.values ?? {});
  const isRead = rule.direction !== 'out';
  const each = (convert: (word: string) => string | undefined): Conversion => (value) => {
    if (typeof value === 'string') return convert(value) ?? noWord;
    if (!Array.isArray(value)) return value;
    const converted = value.map(convert).filter((word) => word !== undefined);
    return converted.length === value.length ? converted : noWord;
  };
  return { out: each((word) => words.toVendor(word, isRead)), in: each((word) => words.toCanonical(word)) };
}

function canonicalGate(canonical: CanonicalField | undefined): Conversion {
  if (!canonical) return (value) => value;
  const form = canonical.choices ? `one of ${canonical.choices.join(', ')}` : canonicalForms[canonical.type];
  const noForm = new Refusal(`has a value that is not ${form}; correct it, or name its counterpart or a transform in the mapping.`);
  return (value) => (canonical.schema.safeParse(value).success ? value : noForm);
}

function chain(value: NonNullable<FieldValue>, steps: readonly Conversion[], country?: string): FieldValue | Refusal {
  let current = value;
  for (const step of steps) {
    const next = step(current, country);
    if (next === null || next instanceof Refusal) return next;
    current = next;
  }
  return current;
}
