import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { keyField, keyFieldLabel } from './zoho.mapping.ts';

const fieldsSchema = z.object({ fields: z.array(z.object({ api_name: z.string(), unique: z.record(z.string(), z.unknown()).nullish() })) });
const madeSchema = z.object({ fields: z.array(z.object({ status: z.string() })) });

/**
 * Makes the deal field that keeps the hub's key; does nothing where it is there.
 * @throws Failure `forbidden` where one of that name allows duplicates, or nobody may make fields.
 */
export async function makeKeyField(api: ZohoApi): Promise<void> {
  if (await findKeyField(api)) return;
  await api.send(madeSchema, {
    method: 'POST', path: 'settings/fields?module=Deals', operation: 'fields.create',
    body: { fields: [{ field_label: keyFieldLabel, data_type: 'text', length: 255, unique: { casesensitive: false } }] },
  });
  // Made at the same time by another, or under another name than its label promises: only looking tells.
  if (!(await findKeyField(api))) throw new Failure('unexpected', `Zoho did not make the deal field ${keyField}.`, { field: keyField });
}

/**
 * Whether the deal field for the hub's key is there.
 * @throws Failure `forbidden` where one of that name allows duplicates.
 */
export async function findKeyField(api: ZohoApi): Promise<boolean> {
  const answer = await api.send(fieldsSchema, { method: 'GET', path: 'settings/fields?module=Deals', operation: 'fields.list' });
  const field = answer?.fields.find(({ api_name: name }) => name === keyField);
  if (!field) return false;
  if (field.unique && Object.keys(field.unique).length > 0) return true;
  throw new Failure('forbidden', `The deal field ${keyField} of this Zoho organisation allows duplicates: remove it there, then reconnect.`, { field: keyField });
}
