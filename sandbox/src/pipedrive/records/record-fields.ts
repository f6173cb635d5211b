import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { notFound, schemaFault } from '../pipedrive-refusals.ts';

const fieldTypes = ['varchar', 'text', 'double', 'enum', 'set', 'date', 'monetary'] as const;

const newFieldSchema = z.strictObject({
  field_name: z.string().min(1).max(255),
  field_type: z.enum(fieldTypes),
  options: z.array(z.strictObject({ label: z.string().min(1) })).optional(),
  ui_visibility: z.record(z.string(), z.unknown()).optional(),
});
/** Only fields of deals are described. */
const newDealFieldSchema = newFieldSchema.extend({ description: z.string().nullable().optional() });

export interface RecordField {
  field_name: string;
  /** Of a field of the company's own: 40 hexadecimal digits that Pipedrive chooses. */
  field_code: string;
  description?: string | null;
  field_type: string;
  options: { id: number; label: string }[] | null;
  subfields: null;
  is_custom_field: boolean;
  is_optional_response_field: boolean;
}

const standard = (field_code: string, field_name: string, field_type: string): RecordField => ({
  field_name, field_code, field_type, options: null, subfields: null, is_custom_field: false, is_optional_response_field: false,
});

export type FieldOwner = 'deal' | 'person' | 'organization';

const ownFields: Readonly<Record<FieldOwner, readonly RecordField[]>> = {
  deal: [
    standard('title', 'Deal Title', 'varchar'), standard('value', 'Value', 'monetary'), standard('status', 'Status', 'status'), standard('stage_id', 'Stage', 'stage'),
    standard('person_id', 'Contact person', 'people'), standard('org_id', 'Organization', 'org'), standard('won_time', 'Won time', 'date'),
  ],
  person: [
    standard('name', 'Name', 'varchar'), standard('emails', 'Email', 'varchar'), standard('phones', 'Phone', 'phone'), standard('org_id', 'Organization', 'org'),
  ],
  organization: [standard('name', 'Name', 'varchar'), standard('address', 'Address', 'address'), standard('website', 'Website', 'varchar')],
};

/** The fields of a company's records of one kind. Two of its own may have the same name; only the code tells them apart. */
export class RecordFields {
  private readonly owner: FieldOwner;
  private readonly fields: RecordField[];
  private lastOptionId = 0;

  constructor(owner: FieldOwner) {
    this.owner = owner;
    this.fields = [...ownFields[owner]];
  }

  list(): RecordField[] {
    return [...this.fields];
  }

  create(input: unknown): RecordField {
    const { description, ...wanted } = this.owner === 'deal' ? read(newDealFieldSchema, input, schemaFault) : { description: undefined, ...read(newFieldSchema, input, schemaFault) };
    const takesOptions = wanted.field_type === 'enum' || wanted.field_type === 'set';
    if (takesOptions && wanted.options === undefined) throw schemaFault('options', 'is required for this type');
    const field: RecordField = {
      field_name: wanted.field_name,
      field_code: createHash('sha1').update(randomUUID()).digest('hex'),
      ...(this.owner === 'deal' && { description: description ?? null }),
      field_type: wanted.field_type,
      options: takesOptions ? (wanted.options ?? []).map(({ label }) => ({ id: (this.lastOptionId += 1), label })) : null,
      subfields: null,
      is_custom_field: true,
      is_optional_response_field: false,
    };
    this.fields.push(field);
    return field;
  }

  /** Throws Pipedrive's 404 for a code that no field of the company's own has. */
  remove(code: string): RecordField {
    const position = this.fields.findIndex((field) => field.is_custom_field && field.field_code === code);
    const [removed] = position === -1 ? [] : this.fields.splice(position, 1);
    if (removed === undefined) throw notFound('Field');
    return removed;
  }

  /** Throws for a code that no field has, and for a value that does not fit its type: options go by number. */
  check(values: Readonly<Record<string, unknown>>): void {
    for (const [code, value] of Object.entries(values)) {
      const field = this.fields.find((candidate) => candidate.is_custom_field && candidate.field_code === code);
      if (field === undefined) throw schemaFault(`custom_fields.${code}`, 'is not a known field');
      if (value !== null && !fits(field, value)) throw schemaFault(`custom_fields.${code}`, `is not a value of type ${field.field_type}`);
    }
  }

  /** Every field of the company's own, or those that a list of codes asks for, with its value or null. */
  chosen(values: Readonly<Record<string, unknown>>, codes?: string): Record<string, unknown> {
    const asked = codes?.split(',');
    return Object.fromEntries(this.fields
      .filter(({ is_custom_field: isOwn, field_code: code }) => isOwn && (asked === undefined || asked.includes(code)))
      .map(({ field_code: code }) => [code, values[code] ?? null]));
  }
}

function fits({ field_type: type, options }: RecordField, value: unknown): boolean {
  const isOption = (id: unknown): boolean => options?.some((option) => option.id === id) === true;
  if (type === 'double') return typeof value === 'number';
  if (type === 'enum') return isOption(value);
  if (type === 'set') return Array.isArray(value) && value.every(isOption);
  if (type === 'monetary') return typeof value === 'object';
  return typeof value === 'string' && (type !== 'varchar' || value.length <= 255);
}
