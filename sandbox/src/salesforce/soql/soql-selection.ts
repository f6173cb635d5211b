import type { QueryCondition, QueryLiteral } from '../../select-query.ts';
import { malformedQuery, noSuchColumn, unsupportedType } from '../salesforce-refusals.ts';
import { sobjectTypeOf, type SObjectField, type SObjectType } from '../records/sobject-fields.ts';
import type { FieldValue, SObjectRecord, SObjectRecords } from '../records/sobject-records.ts';
import { parseSoql } from './soql.ts';

export interface Selection {
  type: SObjectType;
  fields: string[];
  count: boolean;
  records: SObjectRecord[];
}

/** Finds what a SOQL text asks for; `withDeleted` is the difference between queryAll and query. */
export function select(records: SObjectRecords, soql: string, withDeleted: boolean): Selection {
  const query = parseSoql(soql);
  const type = sobjectTypeOf(query.from);
  if (type === undefined) throw unsupportedType(query.from);
  const known = records.fields(type);
  const resolve = (name: string): SObjectField => {
    const field = known.get(name.toLowerCase());
    if (field === undefined) throw noSuchColumn(name, type);
    return field;
  };
  const fields = query.fields.map((name) => resolve(name).name);
  const tests = query.where.map((condition) => testOf(resolve(condition.field), condition));
  const found = records
    .list(type)
    .filter((record) => withDeleted || !record.deleted)
    .filter((record) => tests.every((test) => test(record)));
  const orders = query.orderBy.map(({ field, descending }) => ({ field: resolve(field), sign: descending ? -1 : 1 }));
  found.sort((a, b) => {
    for (const { field, sign } of orders) {
      const order = compare(field, a.values[field.name] ?? null, b.values[field.name] ?? null);
      if (order !== 0) return sign * order;
    }
    return 0;
  });
  return { type, fields, count: query.count, records: found.slice(0, query.limit ?? undefined) };
}

function testOf(field: SObjectField, { operator, literals }: QueryCondition): (record: SObjectRecord) => boolean {
  const wanted = literals.map((literal) => valueOf(field, literal));
  const [first = null] = wanted;
  return (record) => {
    const actual = record.values[field.name] ?? null;
    if (operator === 'IN') return wanted.some((value) => compare(field, actual, value) === 0);
    const order = compare(field, actual, first);
    if (operator === '=') return order === 0;
    if (operator === '!=') return order !== 0;
    if (actual === null || first === null) return false;
    if (operator === '<') return order < 0;
    if (operator === '<=') return order <= 0;
    return operator === '>' ? order > 0 : order >= 0;
  };
}

/** Quotes matter in SOQL: text fields take quoted values, all others bare ones. */
function valueOf(field: SObjectField, literal: QueryLiteral): FieldValue {
  if (literal.kind === 'null') return null;
  const kinds: Record<string, QueryLiteral['kind']> = {
    boolean: 'boolean',
    currency: 'number',
    double: 'number',
    date: 'time',
    datetime: 'time',
  };
  if (literal.kind !== (kinds[field.type] ?? 'text')) {
    throw malformedQuery(`value of filter criterion for field '${field.name}' must be of type ${field.type}`);
  }
  if (literal.kind === 'number') return Number(literal.value);
  return literal.kind === 'boolean' ? literal.value === 'true' : literal.value;
}

/** Nothing comes first; ids in the order in which they were given out, other text without regard to case; times by instant. */
function compare(field: SObjectField, a: FieldValue, b: FieldValue): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  // Stored times have one form, which sorts as text; only those of a query may be written otherwise.
  const areStored = typeof a === 'string' && typeof b === 'string' && a.length === b.length && a.endsWith('+0000') && b.endsWith('+0000');
  if (field.type === 'datetime' && areStored) return a < b ? -1 : a > b ? 1 : 0;
  if (field.type === 'date' || field.type === 'datetime') return Date.parse(String(a)) - Date.parse(String(b));
  const isId = field.type === 'id' || field.type === 'reference';
  const [left, right] = isId ? [String(a), String(b)] : [String(a).toLowerCase(), String(b).toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
