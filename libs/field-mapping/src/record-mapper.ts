import { Failure, type FieldDescription, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import { canonicalFieldsOf } from './canonical-fields.ts';
import type { FieldMapping, ObjectMapping } from './field-mapping.ts';
import { ruleConversion, type RuleConversion } from './rule-conversion.ts';
import { Refusal } from './transforms.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** What a vendor's record is to hold. */
export interface VendorValues {
  /** By the vendor's names; null empties. */
  readonly fields: Values;
  /** The canonical fields among the given that the mapping keeps at the vendor, each with the value that reading will give back. */
  readonly kept: Values;
  /** `invalid`, one for each value that cannot be written, with the vendor's name of its field; the others are in `fields`. */
  readonly problems: readonly Failure[];
}

/** What is known of a record, in canonical form; what is known to be empty is in `known` alone. */
export interface CanonicalValues {
  readonly fields: Values;
  /** The tenant's own, in the form of the vendor's type. */
  readonly custom: Values;
  /** Canonical and custom names that were read. */
  readonly known: readonly string[];
  /** `invalid`, one for each value that has no canonical form, with the vendor's name of its field. It is not known then. */
  readonly problems: readonly Failure[];
}

/** Carries records of one kind over between canonical form and an account's, by one mapping. */
export interface RecordMapper {
  /** The vendor's fields that the mapping reads, as far as the account has them. */
  readonly selectedFields: readonly string[];
  /** @param values canonical and custom ones by name, null for what is to be emptied; what the mapping does not write is left out. */
  toVendor(values: Values): VendorValues;
  /** @param fields by the vendor's names; what was not selected is left out. */
  toCanonical(fields: Values): CanonicalValues;
}

interface PreparedRule extends RuleConversion { readonly rule: FieldMapping; readonly isCustom: boolean }

/**
 * Prepares a mapping for many records of an account. Where a value does not fit it is left out and reported, never bent or
 * lost silently; messages quote no values.
 */
export function createRecordMapper(mapping: ObjectMapping, description: ObjectDescription): RecordMapper {
  const described = new Map(description.fields.map((field) => [field.name, field]));
  const canonicalFields = canonicalFieldsOf(mapping.object);
  const rules = mapping.fields.map((rule): PreparedRule => {
    const canonical = canonicalFields.get(rule.canonical);
    const field = described.get(rule.field);
    const conversion = field ? ruleConversion(rule, canonical, field) : undefined;
    const barrier = barrierOf(field);
    return {
      rule, isCustom: canonical === undefined, isPlain: conversion?.isPlain ?? true,
      out: conversion && !barrier ? conversion.out : () => barrier ?? missing,
      in: conversion?.in ?? (() => missing),
    };
  });
  const written = rules.filter(({ rule }) => rule.direction !== 'in');
  const readable = rules.filter(({ rule }) => rule.direction !== 'out' && described.has(rule.field));
  // The country comes first: it says how a phone number is meant.
  const read = [...readable.filter(isCountry), ...readable.filter((each) => !isCountry(each))];
  return {
    selectedFields: [...new Set(read.map(({ rule }) => rule.field))],
    toVendor: (values) => toVendor(written, values),
    toCanonical: (fields) => toCanonical(read, fields),
  };
}

function isCountry({ rule }: PreparedRule): boolean {
  return rule.canonical === 'country';
}

const missing = new Refusal('is not in the account, or not open to the connection; map to another field, or switch the rule off.');
const readOnly = new Refusal('is read only in the account; give the rule the direction in, or make the field writable for the connection.');

function barrierOf(field: FieldDescription | undefined): Refusal | undefined {
  if (!field) return missing;
  return field.isReadOnly ? readOnly : undefined;
}

function toVendor(rules: readonly PreparedRule[], values: Values): VendorValues {
  const fields: Record<string, FieldValue> = {};
  const kept: Record<string, FieldValue> = {};
  const problems: Failure[] = [];
  for (const prepared of rules) {
    const { rule: { canonical, field, direction } } = prepared;
    const value = values[canonical];
    if (value === undefined) continue;
    const result = prepared.out(value);
    const back = result instanceof Refusal || prepared.isPlain || direction === 'out' ? value : prepared.in(result);
    if (result instanceof Refusal) problems.push(problemOf(prepared, result));
    // What could not be read again would be lost to the hub.
    else if (back instanceof Refusal) problems.push(problemOf(prepared, back));
    else [fields[field], kept[canonical]] = [result, back];
  }
  return { fields, kept, problems };
}

function toCanonical(rules: readonly PreparedRule[], values: Values): CanonicalValues {
  const fields: Record<string, FieldValue> = {};
  const custom: Record<string, FieldValue> = {};
  const known: string[] = [];
  const problems: Failure[] = [];
  for (const prepared of rules) {
    const { rule: { canonical, field }, isCustom } = prepared;
    const value = values[field];
    if (value === undefined) continue;
    const result = prepared.in(value, typeof fields['country'] === 'string' ? fields['country'] : undefined);
    if (result instanceof Refusal) {
      problems.push(problemOf(prepared, result));
      continue;
    }
    known.push(canonical);
    if (result !== null) (isCustom ? custom : fields)[canonical] = result;
  }
  return { fields, custom, known, problems };
}

function problemOf({ rule: { canonical, field } }: PreparedRule, { reason }: Refusal): Failure {
  return new Failure('invalid', `The CRM's field ${field} (${canonical} in the hub) ${reason}`, { field });
}
