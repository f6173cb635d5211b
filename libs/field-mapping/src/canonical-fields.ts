import { companyFieldsSchema, contactFieldsSchema, dealFieldsSchema, lifecycleStages, orderStatusSchema, type CrmObject } from '@crossdock/contracts';
import { z } from 'zod';

/** What a canonical field's value is. `hostname` is `example.com`, `country` ISO 3166-1 alpha-2, `choice` one of a list of words. */
const canonicalTypes = ['text', 'long_text', 'email', 'phone', 'country', 'hostname', 'money', 'date_time', 'choice'] as const;
export type CanonicalType = (typeof canonicalTypes)[number];

/** A field of the hub's own, as callers see it. */
export const canonicalFieldViewSchema = z.object({
  name: z.string(),
  type: z.enum(canonicalTypes),
  isRequired: z.boolean().describe('No record is without it.'),
  choices: z.array(z.string()).readonly().exactOptional().describe('The words of a `choice`.'),
});

interface CanonicalShape {
  readonly type: CanonicalType;
  /** The most characters that a value has, where it is a text of any words. */
  readonly maxLength?: number;
  /** The words of a choice. */
  readonly choices?: readonly string[];
}

export interface CanonicalField extends CanonicalShape {
  readonly name: string;
  /** No canonical record is without it, so that it is never empty. */
  readonly isRequired: boolean;
  /** Whether a value has the canonical form. */
  readonly schema: z.ZodType;
}

/** What the values are, in sentences. */
export const canonicalForms: Readonly<Record<CanonicalType, string>> = {
  text: 'a text of at most 255 characters', long_text: 'a text of at most 2000 characters', email: 'an e-mail address', phone: 'a phone number', country: 'a country code of two letters',
  hostname: 'a host name such as example.com', money: 'an amount with its currency', date_time: 'a point in time', choice: 'a word of a list',
};

const text: CanonicalShape = { type: 'text', maxLength: 255 };
const longText: CanonicalShape = { type: 'long_text', maxLength: 2_000 };
const email: CanonicalShape = { type: 'email', maxLength: 320 };
const phone: CanonicalShape = { type: 'phone', maxLength: 16 };
const country: CanonicalShape = { type: 'country', maxLength: 2 };
const choice = (choices: readonly string[]): CanonicalShape => ({ type: 'choice', choices });

const fieldsOfObject: Readonly<Record<CrmObject, ReadonlyMap<string, CanonicalField>>> = {
  contact: named(contactFieldsSchema.shape, {
    email, phone, firstName: text, lastName: text, companyName: text, country, lifecycleStage: choice(lifecycleStages),
  }),
  company: named(companyFieldsSchema.shape, { name: text, domain: { type: 'hostname', maxLength: 253 }, phone, country }),
  deal: named(dealFieldsSchema.shape, {
    name: text, status: choice(dealFieldsSchema.shape.status.options), amount: { type: 'money' }, closedAt: { type: 'date_time' },
    orderStatus: choice(orderStatusSchema.options), lineItems: longText, orderSource: text,
  }),
};

/** The hub's own fields of a kind of record, by name. Every other name is a custom field of the tenant, in the vendor's type. */
export function canonicalFieldsOf(object: CrmObject): ReadonlyMap<string, CanonicalField> {
  return fieldsOfObject[object];
}

/** The compiler refuses a canonical field that is left out here, or that there is not. */
function named<Name extends string>(schemas: Readonly<Record<Name, z.ZodType>>, shapes: Readonly<Record<Name, CanonicalShape>>): ReadonlyMap<string, CanonicalField> {
  return new Map(Object.entries<CanonicalShape>(shapes).map(([name, shape]) => {
    const schema = Object.entries<z.ZodType>(schemas).find(([each]) => each === name)?.[1];
    if (!schema) throw new TypeError(`There is no canonical field ${name}.`);
    return [name, { name, ...shape, schema, isRequired: !schema.safeParse(undefined).success }];
  }));
}
