import { z } from 'zod';
import { orgUsers } from '../settings/org-users.ts';
import { zohoError, type ZohoError } from '../zoho-refusals.ts';
import type { ModuleField, ModuleName } from './module-fields.ts';
import type { FieldValue, OrgRecords } from './org-records.ts';

/** A value that Zoho does not take. */
export class InvalidValue extends Error {
  readonly error: ZohoError;

  constructor(error: ZohoError) {
    super(error.message);
    this.error = error;
  }
}

const lookupSchema = z.union([z.object({ id: z.coerce.string() }), z.coerce.string().transform((id) => ({ id }))]);
const jsonTypes: Partial<Record<ModuleField['dataType'], string>> = { currency: 'double', lookup: 'jsonobject', ownerlookup: 'jsonobject' };

/** The values as they are kept. Keys that are no field are left out without a word, as Zoho does; read-only ones too. */
export function checkedValues(
  records: OrgRecords, fields: readonly ModuleField[], input: Record<string, unknown>, index: number,
): Record<string, FieldValue> {
  const kept: Record<string, FieldValue> = {};
  for (const field of fields) {
    if (field.isReadOnly || !(field.apiName in input)) continue;
    kept[field.apiName] = checkedValue(records, field, input[field.apiName], index);
  }
  return kept;
}

function checkedValue(records: OrgRecords, field: ModuleField, value: unknown, index: number): FieldValue {
  if (value === null || value === '') {
    if (field.isMandatory) throw missing(field, index);
    return null;
  }
  switch (field.dataType) {
    case 'currency': return typeof value === 'number' ? value : wrong(field, index);
    case 'date': return typeof value === 'string' && z.iso.date().safeParse(value).success ? value : wrong(field, index);
    case 'lookup': return lookup(records, field, value, index);
    case 'ownerlookup': return owner(field, value, index);
    default: return text(field, value, index);
  }
}

function text(field: ModuleField, value: unknown, index: number): string {
  if (typeof value !== 'string') return wrong(field, index);
  if (field.length > 0 && value.length > field.length) {
    throw new InvalidValue(zohoError('INVALID_DATA', 'invalid data', { maximum_length: field.length, ...placeOf(field, index) }));
  }
  if (field.dataType === 'email' && !z.email().safeParse(value).success) return wrong(field, index);
  return value;
}

function lookup(records: OrgRecords, field: ModuleField, value: unknown, index: number): FieldValue {
  const parsed = lookupSchema.safeParse(value);
  const target: ModuleName | null = field.lookup;
  const record = parsed.success && target !== null ? records.find(target, parsed.data.id) : undefined;
  if (record === undefined) throw new InvalidValue(zohoError('INVALID_DATA', 'the id given seems to be invalid', placeOf(field, index, '.id')));
  return { id: record.id, name: records.nameOf(record) };
}

function owner(field: ModuleField, value: unknown, index: number): FieldValue {
  const parsed = lookupSchema.safeParse(value);
  const user = orgUsers.find(({ id, status }) => parsed.success && id === parsed.data.id && status === 'active');
  if (user === undefined) throw new InvalidValue(zohoError('INVALID_DATA', 'the id given seems to be invalid', placeOf(field, index, '.id')));
  return { id: user.id, name: user.full_name };
}

export const missing = (field: ModuleField, index: number): InvalidValue =>
  new InvalidValue(zohoError('MANDATORY_NOT_FOUND', 'required field not found', placeOf(field, index)));

function wrong(field: ModuleField, index: number): never {
  throw new InvalidValue(zohoError('INVALID_DATA', 'invalid data', {
    expected_data_type: field.dataType === 'email' ? 'email' : jsonTypes[field.dataType] ?? 'text', ...placeOf(field, index),
  }));
}

const placeOf = (field: ModuleField, index: number, deeper = ''): Record<string, unknown> => ({
  api_name: field.apiName, json_path: `$.data[${String(index)}].${field.apiName}${deeper}`,
});
