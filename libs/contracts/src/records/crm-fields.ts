import { z } from 'zod';
import { moneySchema } from './money.ts';

/** The kinds of CRM records that the hub keeps in step. */
const crmObjects = ['contact', 'company', 'deal'] as const;
export const crmObjectSchema = z.enum(crmObjects);
export type CrmObject = (typeof crmObjects)[number];

/**
 * A value of a vendor's field, in one form for all vendors; the field's type says which:
 * `decimal` is plain decimal notation (`"12.50"`), `date` is `2026-11-21`, `date_time` is ISO 8601 in UTC with milliseconds,
 * `picklist` is the option's value, `multi_picklist` are those, sorted; `owner` and `reference` are ids at the vendor.
 * An empty field is null, never an empty text or list.
 */
export const fieldValueSchema = z.union([z.string().min(1), z.number(), z.boolean(), moneySchema, z.array(z.string().min(1)).min(1), z.null()]);
export type FieldValue = z.infer<typeof fieldValueSchema>;

const fieldTypes = [
  'text', 'long_text', 'email', 'phone', 'url', 'integer', 'decimal', 'money', 'boolean', 'date', 'date_time',
  'picklist', 'multi_picklist', 'owner', 'reference',
] as const;
export type FieldType = (typeof fieldTypes)[number];

const fieldDescriptionSchema = z.object({
  /** The vendor's name of it in its interface. */
  name: z.string().min(1).max(255),
  /** What people see in the vendor's pages. */
  label: z.string().max(255),
  type: z.enum(fieldTypes),
  isCustom: z.boolean(),
  /** Calculated, or not open to the connection: it is read only. */
  isReadOnly: z.boolean(),
  /** No record is created without it. */
  isRequired: z.boolean(),
  /** In characters, for text. */
  maxLength: z.int().positive().optional(),
  /** For picklists, and for owners: their ids with their e-mails as labels. One that is not active stays readable. */
  options: z.array(z.object({ value: z.string().min(1), label: z.string(), isActive: z.boolean() })).optional(),
});
export type FieldDescription = z.infer<typeof fieldDescriptionSchema>;

/** What the records of one kind look like in one account, as the vendor describes them. */
export const objectDescriptionSchema = z.object({ object: crmObjectSchema, fields: z.array(fieldDescriptionSchema) });
export type ObjectDescription = z.infer<typeof objectDescriptionSchema>;
