import type { CrmObject, FieldDescription, FieldType, ObjectDescription } from '@crossdock/contracts';
import { Failure } from '@crossdock/contracts';
import { derivedFields } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { SalesforceSession } from '../salesforce.session.ts';
import { queryAllRows } from './composite.ts';
import { sobjectOf } from './object-types.ts';

const describedFieldSchema = z.object({
  name: z.string(), label: z.string(), type: z.string(), length: z.int().default(0), custom: z.boolean(), nillable: z.boolean(),
  createable: z.boolean(), updateable: z.boolean(), defaultedOnCreate: z.boolean().default(false),
  referenceTo: z.array(z.string()).default([]),
  picklistValues: z.array(z.object({ active: z.boolean(), label: z.string().nullish(), value: z.string() })).default([]),
});
type DescribedField = z.infer<typeof describedFieldSchema>;
const describeSchema = z.object({ fields: z.array(describedFieldSchema) });
const userSchema = z.object({ Id: z.string(), Email: z.string().nullish(), IsActive: z.boolean() });

/**
 * Types that are left out are no single values (addresses, locations) or no text (files).
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/field_types.htm
 */
const typeOf: Readonly<Record<string, FieldType>> = {
  id: 'reference', string: 'text', combobox: 'text', encryptedstring: 'text', textarea: 'long_text', email: 'email', phone: 'phone', url: 'url', int: 'integer', long: 'integer',
  double: 'decimal', percent: 'decimal', currency: 'money', boolean: 'boolean', date: 'date', datetime: 'date_time', picklist: 'picklist',
  multipicklist: 'multi_picklist', reference: 'reference',
};
const textual: ReadonlySet<string> = new Set(['text', 'long_text', 'email', 'phone', 'url']);

/** What the connected user sees of a kind of records, with the fields that follow from others. */
export async function describeObject(session: SalesforceSession, object: CrmObject): Promise<ObjectDescription> {
  const parsed = describeSchema.safeParse(await session.call('describe').describe(sobjectOf[object]));
  if (!parsed.success) throw new Failure('unexpected', "Salesforce's answer to describe is not as documented.", { cause: parsed.error });
  const owners = parsed.data.fields.some(isOwner) ? await readOwners(session) : [];
  const knowsCurrency = session.settings.multiCurrency || session.settings.companyCurrency !== undefined;
  const fields = parsed.data.fields.flatMap((field) => toDescription(field, { owners, knowsCurrency }) ?? []);
  return { object, fields: object === 'deal' ? [...fields, ...derived] : fields };
}

const derived: readonly FieldDescription[] = [
  {
    name: derivedFields.dealStatus, label: 'Open, won or lost', type: 'picklist', isCustom: false, isReadOnly: false, isRequired: false,
    options: ['open', 'won', 'lost'].map((value) => ({ value, label: value, isActive: true })),
  },
  { name: derivedFields.dealClosedAt, label: 'Day of the decision', type: 'date_time', isCustom: false, isReadOnly: false, isRequired: false },
];

type Options = NonNullable<FieldDescription['options']>;

function toDescription(field: DescribedField, { owners, knowsCurrency }: { readonly owners: Options; readonly knowsCurrency: boolean }): FieldDescription | undefined {
  const { name, label, custom, nillable, createable, updateable, defaultedOnCreate, length, picklistValues } = field;
  const known = typeOf[field.type];
  if (known === undefined) return undefined;
  // An amount whose currency nobody knows is a number.
  const type = isOwner(field) ? 'owner' : known === 'money' && !knowsCurrency ? 'decimal' : known;
  return {
    name, label: label.slice(0, 255), type, isCustom: custom, isReadOnly: !(createable && updateable), isRequired: createable && !nillable && !defaultedOnCreate,
    ...(textual.has(type) && length > 0 && { maxLength: length }),
    ...((type === 'picklist' || type === 'multi_picklist') && {
      options: picklistValues.filter(({ value }) => value !== '').map(({ value, label: text, active }) => ({ value, label: text ?? value, isActive: active })),
    }),
    ...(type === 'owner' && { options: owners }),
  };
}

function isOwner({ type, referenceTo }: DescribedField): boolean {
  return type === 'reference' && referenceTo.includes('User');
}

/** Users that can own a record; one who left stays readable. */
async function readOwners(session: SalesforceSession): Promise<Options> {
  const rows = await queryAllRows(session, 'users.query', [`SELECT Id, Email, IsActive FROM User WHERE UserType = 'Standard' ORDER BY Id LIMIT 2000`])
    .catch((thrown: unknown) => {
      // Who may not see the users can still read and write records.
      if (thrown instanceof Failure && (thrown.kind === 'forbidden' || thrown.kind === 'invalid')) return [];
      throw thrown;
    });
  return z.array(userSchema).parse(rows).flatMap(({ Id, Email, IsActive }) => (Email ? [{ value: Id, label: Email.toLowerCase(), isActive: IsActive }] : []));
}
