import { asFailure, Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import {
  keyField, keyFieldLabel, lineItemsField, lineItemsFieldLabel, orderSourceField, orderSourceFieldLabel, orderStatusField, orderStatusFieldLabel,
  sampleRequestField, sampleRequestFieldLabel, sampleStatusField, sampleStatusFieldLabel,
} from './zoho.mapping.ts';

interface HubField {
  readonly module: 'Contacts' | 'Accounts' | 'Deals';
  readonly name: string;
  /** Zoho makes the name of it. */
  readonly label: string;
  /** Records are found by it, so that no two may have one value. */
  readonly isKey: boolean;
  /** Deals are written without it as well. */
  readonly isOptional?: true;
  /** Has several lines. */
  readonly isLong?: true;
}

const modules = ['Contacts', 'Accounts', 'Deals'] as const;
/** Zoho takes no more in one call. */
const maxFieldsPerCall = 5;

/** The order's status is text: a list of picks would refuse a deal once an administrator trims it. */
const hubFields: readonly HubField[] = [
  ...modules.map((module) => ({ module, name: keyField, label: keyFieldLabel, isKey: true })),
  { module: 'Deals', name: orderStatusField, label: orderStatusFieldLabel, isKey: false },
  { module: 'Deals', name: lineItemsField, label: lineItemsFieldLabel, isKey: false, isOptional: true, isLong: true },
  { module: 'Deals', name: orderSourceField, label: orderSourceFieldLabel, isKey: false, isOptional: true },
  { module: 'Deals', name: sampleRequestField, label: sampleRequestFieldLabel, isKey: false, isOptional: true },
  { module: 'Deals', name: sampleStatusField, label: sampleStatusFieldLabel, isKey: false, isOptional: true },
];

const fieldsSchema = z.object({ fields: z.array(z.object({ api_name: z.string(), unique: z.record(z.string(), z.unknown()).nullish() })) });
const madeSchema = z.object({ fields: z.array(z.object({ status: z.string() })) });
const namesOf = (fields: readonly HubField[]): string => fields.map(({ module, name }) => `${name} of ${module}`).join(', ');

/** Whether all fields are there that the hub cannot do without, and its keys allow no duplicates. @throws Failure where Zoho gave no answer. */
export async function hasHubFields(api: ZohoApi): Promise<boolean> {
  for (const module of modules) {
    const { missing, unusable } = await look(api, module);
    if (missing.some(({ isOptional }) => !isOptional) || unusable.length > 0) return false;
  }
  return true;
}

/**
 * Makes the fields that keep the hub's keys and what deals say of their orders, each unless it is there.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/create-custom-field.html
 * @throws Failure `forbidden` that names all fields which a person has to make or to mend.
 */
export async function makeHubFields(api: ZohoApi): Promise<void> {
  const [refused, unusable]: [HubField[], HubField[]] = [[], []];
  for (const module of modules) {
    const found = await look(api, module);
    unusable.push(...found.unusable);
    if (found.missing.length > 0 && await create(api, module, found.missing) === 'forbidden') refused.push(...found.missing);
  }
  if (refused.length === 0 && unusable.length === 0) return;
  throw new Failure('forbidden', [
    refused.length > 0 && `Crossdock may not make fields in this Zoho organisation: an administrator makes, as text, ${namesOf(refused)}, ${lineItemsField} of several lines; duplicates are not allowed in ${keyField}.`,
    unusable.length > 0 && `These fields of the Zoho organisation allow duplicates: ${namesOf(unusable)}. Remove them there, then reconnect.`,
  ].filter((sentence) => sentence !== false).join(' '), { field: keyField });
}

async function look(api: ZohoApi, module: HubField['module']): Promise<{ missing: HubField[]; unusable: HubField[] }> {
  const answer = await api.send(fieldsSchema, { method: 'GET', path: `settings/fields?module=${module}`, operation: 'fields.list' });
  const wanted = hubFields.filter((field) => field.module === module);
  const present = (name: string) => answer?.fields.find((field) => field.api_name === name);
  return {
    missing: wanted.filter(({ name }) => !present(name)),
    unusable: wanted.filter(({ name, isKey }) => isKey && present(name) && Object.keys(present(name)?.unique ?? {}).length === 0),
  };
}

function toNewField({ label, isKey, isLong }: HubField): object {
  if (isLong) return { field_label: label, data_type: 'textarea', length: 2_000, textarea: { type: 'small' } };
  return { field_label: label, data_type: 'text', length: 255, ...(isKey && { unique: { casesensitive: false } }) };
}

async function create(api: ZohoApi, module: HubField['module'], fields: readonly HubField[]): Promise<'made' | 'forbidden'> {
  try {
    for (let start = 0; start < fields.length; start += maxFieldsPerCall) {
      await api.send(madeSchema, {
        method: 'POST', path: `settings/fields?module=${module}`, operation: 'fields.create',
        body: { fields: fields.slice(start, start + maxFieldsPerCall).map(toNewField) },
      });
    }
  } catch (thrown) {
    const { kind } = asFailure(thrown);
    if (kind === 'forbidden') return 'forbidden';
    // One that another made in this moment is refused as a duplicate.
    if (kind !== 'invalid' && kind !== 'conflict') throw thrown;
  }
  // Made at the same time by another, or under another name than its label promises: only looking tells.
  const { missing } = await look(api, module);
  if (missing.length > 0) throw new Failure('unexpected', `Zoho did not make ${namesOf(missing)}.`, { field: keyField });
  return 'made';
}
