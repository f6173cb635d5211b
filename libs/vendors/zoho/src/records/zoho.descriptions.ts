import { asFailure, type CrmObject, type FieldDescription, type FieldType, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { keyField } from '../zoho.mapping.ts';
import { associationFieldsOf, derivedDescriptions, moduleOf } from './zoho.modules.ts';

/** Zoho's types of fields; those that are not named, such as subforms and files, are not described. */
const types: Readonly<Record<string, FieldType>> = {
  text: 'text', textarea: 'long_text', email: 'email', phone: 'phone', website: 'url', integer: 'integer', bigint: 'text', double: 'decimal', percent: 'decimal',
  currency: 'money', boolean: 'boolean', date: 'date', datetime: 'date_time', picklist: 'picklist', multiselectpicklist: 'multi_picklist',
  ownerlookup: 'owner', userlookup: 'owner', lookup: 'reference', autonumber: 'text',
};

const fieldsSchema = z.object({
  fields: z.array(z.object({
    api_name: z.string().min(1).max(255),
    field_label: z.string(),
    data_type: z.string(),
    length: z.number().nullish(),
    system_mandatory: z.boolean().nullish(),
    custom_field: z.boolean().nullish(),
    read_only: z.boolean().nullish(),
    field_read_only: z.boolean().nullish(),
    operation_type: z.object({ api_update: z.boolean().nullish() }).nullish(),
    pick_list_values: z.array(z.object({ display_value: z.string(), actual_value: z.string().nullish(), type: z.string().nullish() })).nullish().catch([]),
  })),
});
type ZohoField = z.infer<typeof fieldsSchema>['fields'][number];
type Options = NonNullable<FieldDescription['options']>;

const usersSchema = z.object({
  users: z.array(z.object({ id: z.string().min(1), email: z.string().nullish(), status: z.string().nullish() })), info: z.object({ more_records: z.boolean().nullish() }).nullish(),
});

/**
 * The fields of a module and, for owners, who there is. Amounts are money where it is known in which currency the
 * organisation keeps them, and plain numbers otherwise.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/field-meta.html
 * @throws Failure
 */
export async function describeModule(api: ZohoApi, object: CrmObject, { isCurrencyKnown }: { readonly isCurrencyKnown: boolean }): Promise<ObjectDescription> {
  const answer = await api.send(fieldsSchema, { method: 'GET', path: `settings/fields?module=${moduleOf(object)}`, operation: 'fields.list' });
  const described = (answer?.fields ?? []).filter((field) => types[field.data_type] !== undefined && field.api_name !== 'id');
  const owners = described.some(({ data_type: type }) => types[type] === 'owner') ? await readOwners(api) : [];
  return {
    object,
    fields: [...described.map((field) => toDescription(field, object, { isCurrencyKnown, owners })), ...(object === 'deal' ? derivedDescriptions : [])],
  };
}

function toDescription(field: ZohoField, object: CrmObject, { isCurrencyKnown, owners }: { readonly isCurrencyKnown: boolean; readonly owners: Options }): FieldDescription {
  const { api_name: name, field_label: label, length } = field;
  const own = types[field.data_type] ?? 'text';
  const type = own === 'money' && !isCurrencyKnown ? 'decimal' : own;
  return {
    name, label, type,
    isCustom: field.custom_field === true,
    // Whom a record names is said by its associations, and the key by the record itself.
    isReadOnly: isReadOnly(field) || name === keyField || associationFieldsOf(object).includes(name),
    isRequired: field.system_mandatory === true,
    ...(['text', 'long_text', 'email', 'phone', 'url'].includes(type) && typeof length === 'number' && length > 0 && { maxLength: length }),
    ...(type === 'owner' && { options: owners }),
    ...((type === 'picklist' || type === 'multi_picklist') && { options: optionsOf(field) }),
  };
}

function isReadOnly({ data_type: type, read_only: byRights, field_read_only: bySystem, operation_type: operations }: ZohoField): boolean {
  return byRights === true || bySystem === true || operations?.api_update === false || type === 'autonumber';
}

function optionsOf({ pick_list_values: picks }: ZohoField): Options {
  const options = (picks ?? []).map(({ display_value: label, actual_value: value, type }) => ({ value: value ?? label, label, isActive: type !== 'unused' }));
  return options.filter(({ value }) => value !== '' && value !== '-None-');
}

/** Without the right to see the users, owners are ids that nobody is known by. */
async function readOwners(api: ZohoApi): Promise<Options> {
  const owners: Options = [];
  try {
    for (let page = 1; ; page += 1) {
      const answer = await api.send(usersSchema, { method: 'GET', path: `users?type=AllUsers&per_page=200&page=${page}`, operation: 'users.list' });
      owners.push(...(answer?.users ?? []).map(({ id, email, status }) => ({ value: id, label: email ?? '', isActive: status === 'active' })));
      if (answer?.info?.more_records !== true) return owners;
    }
  } catch (thrown) {
    if (asFailure(thrown).kind !== 'forbidden') throw thrown;
    return [];
  }
}
