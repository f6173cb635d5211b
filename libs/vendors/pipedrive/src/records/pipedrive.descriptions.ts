import { derivedFields } from '@crossdock/crm-connector';
import { asFailure, type CrmObject, type FieldDescription, type FieldType, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from '../pipedrive.api.ts';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { currencyField, kindOf, hubDealFields } from './pipedrive.kinds.ts';

type Options = NonNullable<FieldDescription['options']>;

const own = (name: string, label: string, type: FieldType, more: Partial<FieldDescription> = {}): FieldDescription =>
  ({ name, label, type, isCustom: false, isReadOnly: false, isRequired: false, ...more });
const statuses: Options = [{ value: 'open', label: 'Open', isActive: true }, { value: 'won', label: 'Won', isActive: true }, { value: 'lost', label: 'Lost', isActive: true }];

/** Pipedrive's own fields, as records hold them; a person's name is one text, which is told and taken in two parts. */
const ownFields: Readonly<Record<CrmObject, readonly FieldDescription[]>> = {
  contact: [
    own('first_name', 'First name', 'text', { maxLength: 255 }), own('last_name', 'Last name', 'text', { maxLength: 255 }),
    own('email', 'Email', 'email'), own('phone', 'Phone', 'phone'),
  ],
  company: [own('name', 'Name', 'text', { maxLength: 255, isRequired: true }), own('website', 'Website', 'url')],
  deal: [
    own('title', 'Title', 'text', { maxLength: 255, isRequired: true }), own('value', 'Value', 'money'), own('expected_close_date', 'Expected close date', 'date'),
    own('stage_id', 'Stage', 'reference'), own(derivedFields.dealStatus, 'Status', 'picklist', { options: statuses }), own(derivedFields.dealClosedAt, 'Closed', 'date_time'),
  ],
};

/** Types of fields of a company's own; those that are not named, such as addresses and ranges of times, are not described. */
const types: Readonly<Record<string, FieldType>> = {
  varchar: 'text', varchar_auto: 'text', text: 'long_text', double: 'decimal', phone: 'phone', date: 'date', monetary: 'money',
  enum: 'picklist', set: 'multi_picklist', user: 'owner', org: 'reference', people: 'reference',
};

const fieldSchema = z.object({
  field_name: z.string(), field_code: z.string().min(1).max(255), field_type: z.string(), is_custom_field: z.boolean(),
  options: z.array(z.object({ id: z.union([z.int(), z.string()]).transform(String), label: z.string() })).nullish(),
});
const currenciesSchema = z.array(z.object({ code: z.string(), name: z.string().nullish(), active_flag: z.boolean() }));
const usersSchema = z.array(z.object({ id: z.int(), email: z.string().nullish(), active_flag: z.boolean().nullish() }));

/** The fields of one kind of records in a company; the hub's own ones are not the tenant's to map, but for those about orders and samples. @throws Failure */
export async function describeRecords(session: PipedriveSession, object: CrmObject, codes: FieldCodes): Promise<ObjectDescription> {
  const owners = await readOwners(session);
  const currencies = object === 'deal' ? [own(currencyField, 'Currency', 'picklist', { isReadOnly: true, options: await readCurrencies(session) })] : [];
  const custom: FieldDescription[] = [];
  const hubCodes = new Set(Object.values(codes));
  let cursor: string | undefined;
  do {
    const { owner } = kindOf(object);
    const { rows, nextCursor } = await session.page({
      operation: `${owner}Fields.list`, path: `${pipedriveLimits.apiV2}/${owner}Fields`, query: { limit: pipedriveLimits.pageSize, ...(cursor !== undefined && { cursor }) },
    }, fieldSchema);
    custom.push(...rows.filter((field) => field.is_custom_field && !hubCodes.has(field.field_code)).flatMap((field) => toDescription(field, owners)));
    cursor = nextCursor;
  } while (cursor !== undefined);
  return {
    object,
    fields: [
      ...ownFields[object], ...currencies, own('owner_id', 'Owner', 'owner', { options: owners }),
      ...Object.entries(hubDealFields).flatMap(([name, { role, label, type, maxLength }]) => (codes[role] === undefined ? [] : [own(name, label, type, { isCustom: true, maxLength })])),
      ...custom,
    ],
  };
}

function toDescription({ field_name: label, field_code: name, field_type: vendorType, options }: z.infer<typeof fieldSchema>, owners: Options): FieldDescription[] {
  const type = types[vendorType];
  if (type === undefined) return [];
  return [{
    name, label: label.slice(0, 255), type, isCustom: true, isReadOnly: false, isRequired: false,
    ...(type === 'text' && { maxLength: 255 }),
    ...((type === 'picklist' || type === 'multi_picklist') && { options: (options ?? []).map(({ id, label: text }) => ({ value: id, label: text, isActive: true })) }),
    ...(type === 'owner' && { options: owners }),
  }];
}

/** What amounts may be in. Source: Pipedrive's API description, version 1: these are the ones that should be used when amounts are saved. */
async function readCurrencies(session: PipedriveSession): Promise<Options> {
  const currencies = await session.call({ operation: 'currencies.list', path: `${pipedriveLimits.apiV1}/currencies` }, currenciesSchema);
  return currencies.map(({ code, name, active_flag: isActive }) => ({ value: code, label: (name ?? code).slice(0, 255), isActive }));
}

/** Without the right to see the users, owners are ids that nobody is known by. */
async function readOwners(session: PipedriveSession): Promise<Options> {
  try {
    const users = await session.call({ operation: 'users.list', path: `${pipedriveLimits.apiV1}/users` }, usersSchema);
    return users.map(({ id, email, active_flag: isActive }) => ({ value: String(id), label: email ?? '', isActive: isActive === true }));
  } catch (thrown) {
    if (asFailure(thrown).kind !== 'forbidden') throw thrown;
    return [];
  }
}
