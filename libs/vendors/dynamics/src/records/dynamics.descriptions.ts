import { type CrmObject, type FieldDescription, type FieldType, Failure, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import { quoted, type DynamicsSession } from '../dynamics.api.ts';
import type { BatchPartAnswer } from '../dynamics.batch.ts';
import { readPart, upsertedRow } from '../dynamics.upserted.ts';
import { derivedDescriptions, isKeyField, tableOf } from './dynamics.tables.ts';

/**
 * Dataverse's types of columns; those that are not named, such as images, are not described.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/attributetypedisplayname
 */
const types: Readonly<Record<string, FieldType>> = {
  StringType: 'text', MemoType: 'long_text', IntegerType: 'integer', DecimalType: 'decimal', DoubleType: 'decimal', MoneyType: 'money', BooleanType: 'boolean',
  DateTimeType: 'date_time', PicklistType: 'picklist', MultiSelectPicklistType: 'multi_picklist', LookupType: 'reference', CustomerType: 'reference', OwnerType: 'owner',
  StateType: 'integer', StatusType: 'integer',
};
const formats: Readonly<Record<string, FieldType>> = { Email: 'email', Phone: 'phone', Url: 'url', TextArea: 'long_text', RichText: 'long_text' };
const textual: ReadonlySet<FieldType> = new Set(['text', 'long_text', 'email', 'phone', 'url']);

const nameSchema = z.object({ Value: z.string().nullish() }).nullish();
const labelSchema = z.object({ UserLocalizedLabel: z.object({ Label: z.string().nullish() }).nullish() }).nullish();
const columnsSchema = z.object({
  value: z.array(z.object({
    LogicalName: z.string().min(1).max(255), AttributeOf: z.string().nullish(), AttributeTypeName: nameSchema, DisplayName: labelSchema, RequiredLevel: nameSchema,
    IsCustomAttribute: z.boolean().nullish(), IsValidForRead: z.boolean().nullish(), IsValidForCreate: z.boolean().nullish(), IsValidForUpdate: z.boolean().nullish(),
  })),
});
type Column = z.infer<typeof columnsSchema>['value'][number];

const optionsSchema = z.object({ Options: z.array(z.object({ Value: z.int(), Label: labelSchema })) }).nullish();
/** What only some kinds of columns have. */
const particularsSchema = z.object({
  value: z.array(z.object({
    LogicalName: z.string(), MaxLength: z.int().nullish(), FormatName: nameSchema, DateTimeBehavior: nameSchema, CalculationOf: z.string().nullish(),
    OptionSet: optionsSchema, GlobalOptionSet: optionsSchema,
  })),
});
type Particulars = z.infer<typeof particularsSchema>['value'][number];
const usersSchema = z.object({ value: z.array(z.object({ systemuserid: z.uuid(), internalemailaddress: z.string().nullish(), isdisabled: z.boolean().nullish() })) });

const base = 'LogicalName,AttributeOf,AttributeTypeName,DisplayName,RequiredLevel,IsCustomAttribute,IsValidForRead,IsValidForCreate,IsValidForUpdate';
const optionSets = '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)';
const kinds: Readonly<Record<string, string>> = {
  String: '$select=LogicalName,MaxLength,FormatName', Memo: '$select=LogicalName,MaxLength', DateTime: '$select=LogicalName,DateTimeBehavior',
  Money: '$select=LogicalName,CalculationOf', Picklist: optionSets, MultiSelectPicklist: optionSets,
};

/**
 * The columns of a table and, for owners, who there is, in one call.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 * @throws Failure
 */
export async function describeTable(session: DynamicsSession, object: CrmObject): Promise<ObjectDescription> {
  const operation = 'columns.list';
  const attributes = `EntityDefinitions(LogicalName=${quoted(tableOf(object).logicalName)})/Attributes`;
  const [columns, users, ...particulars] = await session.batch(operation, [
    `${attributes}?$select=${base}`, 'systemusers?$select=systemuserid,internalemailaddress,isdisabled',
    ...Object.entries(kinds).map(([kind, query]) => `${attributes}/Microsoft.Dynamics.CRM.${kind}AttributeMetadata?${query}`),
  ].map((path) => ({ method: 'GET', path })));
  const known = new Map(particulars.flatMap((answer) => readPart(operation, answer, particularsSchema).value.map((each) => [each.LogicalName, each])));
  const owners = ownersIn(users);
  const fields = readPart(operation, columns, columnsSchema).value.flatMap((column) => toDescription(column, known.get(column.LogicalName), owners) ?? []);
  return { object, fields: object === 'deal' ? [...fields, ...derivedDescriptions] : fields };
}

type Options = NonNullable<FieldDescription['options']>;

/** Without the right to see the users, owners are ids that nobody is known by. */
function ownersIn(answer: BatchPartAnswer | undefined): Options {
  const users = upsertedRow('users.list', answer, usersSchema);
  if (!(users instanceof Failure)) {
    return users.values.value.map(({ systemuserid: value, internalemailaddress: email, isdisabled }) => ({ value, label: email ?? '', isActive: isdisabled !== true }));
  }
  if (users.kind !== 'forbidden') throw users;
  return [];
}

/** Columns that only say another one in words, or in the currency of the environment, are left out. */
function toDescription(column: Column, particulars: Particulars | undefined, owners: Options): FieldDescription | undefined {
  const { LogicalName: name, AttributeOf: saysAnother } = column;
  const own = types[column.AttributeTypeName?.Value ?? ''];
  if (own === undefined || saysAnother || particulars?.CalculationOf || column.IsValidForRead === false) return undefined;
  const type = typeIn(own, particulars);
  const options = particulars?.OptionSet?.Options ?? particulars?.GlobalOptionSet?.Options ?? [];
  return {
    name, type, label: (column.DisplayName?.UserLocalizedLabel?.Label ?? name).slice(0, 255),
    isCustom: column.IsCustomAttribute === true,
    isReadOnly: isReadOnly(column, type),
    // What the system requires it fills in by itself.
    isRequired: column.RequiredLevel?.Value === 'ApplicationRequired',
    ...(textual.has(type) && typeof particulars?.MaxLength === 'number' && particulars.MaxLength > 0 && { maxLength: particulars.MaxLength }),
    ...(type === 'owner' && { options: owners }),
    ...((type === 'picklist' || type === 'multi_picklist') && {
      options: options.map(({ Value: value, Label: label }) => ({ value: String(value), label: label?.UserLocalizedLabel?.Label ?? String(value), isActive: true })),
    }),
  };
}

function typeIn(own: FieldType, particulars: Particulars | undefined): FieldType {
  if (own === 'text') return formats[particulars?.FormatName?.Value ?? ''] ?? own;
  return own === 'date_time' && particulars?.DateTimeBehavior?.Value === 'DateOnly' ? 'date' : own;
}

/** Whom a record names is said by its associations, and its state by a field that follows from it. */
function isReadOnly({ LogicalName: name, AttributeTypeName: typeName, IsValidForCreate: forCreate, IsValidForUpdate: forUpdate }: Column, type: FieldType): boolean {
  return forCreate !== true || forUpdate !== true || type === 'reference' || isKeyField(name) || typeName?.Value === 'StateType' || typeName?.Value === 'StatusType';
}
