import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { Failure, type Deal } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { chunksOf, isRecordId, queryByValues } from './zoho.coql.ts';
import { zohoErrorSchema, zohoRecordFailure } from './zoho.errors.ts';
import { zohoLimits } from './zoho.limits.ts';
import { keyField, orderStatusField, zohoDealSchema, type ZohoDeal, type ZohoRecord } from './zoho.mapping.ts';

const resultSchema = z.union([
  z.object({ status: z.literal('success'), action: z.enum(['insert', 'update']).optional(), details: z.object({ id: z.string() }) }),
  zohoErrorSchema.extend({ status: z.literal('error') }),
]);
const resultsSchema = z.object({ data: z.array(resultSchema) });

/** Upserts records of one module by a unique field, in calls of a hundred; a result a record, in order. */
export function upsertByField(
  api: ZohoApi, module: 'Contacts' | 'Deals', field: string, records: readonly ZohoRecord[], operation: string,
): Promise<UpsertResult[]> {
  const keyOf = (record: ZohoRecord): string => (typeof record[field] === 'string' ? record[field].toLowerCase() : '');
  return sendInBatches(records, {
    keyOf,
    maxBatchSize: zohoLimits.recordBatchSize,
    send: async (batch) => {
      const answer = await api.send(resultsSchema, { method: 'POST', path: `${module}/upsert`, operation, body: { data: batch, duplicate_check_fields: [field] } });
      return batch.map((_, index) => toResult(answer?.data[index], operation));
    },
  });
}

function toResult(result: z.infer<typeof resultSchema> | undefined, operation: string): UpsertResult {
  if (!result) return new Failure('outcome_unknown', `Zoho answered ${operation} without a word on one of the records.`);
  if (result.status === 'error') return zohoRecordFailure(operation, result);
  return { outcome: 'upserted', crmId: result.details.id, created: result.action === 'insert' };
}

/** Which of these addresses some contact has, in lower case. */
export async function existingEmails(api: ZohoApi, emails: readonly string[]): Promise<Set<string>> {
  const rows = await queryByValues(api, z.object({ Email: z.string().nullish() }), { module: 'Contacts', fields: ['Email'], where: 'Email', values: emails, operation: 'contacts.query' });
  return new Set(rows.flatMap(({ Email }) => (Email ? [Email.toLowerCase()] : [])));
}

/**
 * Which of these keys some deal has, in lower case. The field of the order's status is asked for as well: a write that names
 * a field which is not there is done without it, and without a word.
 * @throws Failure `dependency_missing` while one of the fields is not there.
 */
export async function existingDealKeys(api: ZohoApi, keys: readonly string[]): Promise<Set<string>> {
  const rows = await queryByValues(api, z.object({ [keyField]: z.string().nullish() }), {
    module: 'Deals', fields: [keyField, orderStatusField], where: keyField, values: keys, operation: 'deals.query',
  });
  return new Set(rows.flatMap(({ [keyField]: key }) => (key ? [key.toLowerCase()] : [])));
}

/** These deals as they are now; one that is deleted or unknown is left out. */
export function readDeals(api: ZohoApi, ids: readonly string[]): Promise<ZohoDeal[]> {
  const fields = Object.keys(zohoDealSchema.shape).filter((field) => field !== 'id');
  return queryByValues(api, zohoDealSchema, { module: 'Deals', fields, where: 'id', values: ids.filter(isRecordId), operation: 'deals.query' });
}

/** The contacts with their e-mails, in the form a canonical deal has; an address that is none is left out. */
export async function readContacts(api: ZohoApi, ids: readonly string[]): Promise<Map<string, Deal['contacts'][number]>> {
  const rowSchema = z.object({ id: z.string(), Email: z.string().nullish() });
  const rows = await queryByValues(api, rowSchema, { module: 'Contacts', fields: ['Email'], where: 'id', values: [...new Set(ids)].filter(isRecordId), operation: 'contacts.query' });
  return new Map(rows.map(({ id: externalId, Email }) => {
    const email = z.email().safeParse(Email);
    return [externalId, { externalId, ...(email.success && { email: email.data }) }];
  }));
}

const rolesSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The contacts of each deal's related list, which Zoho gives deal by deal only. */
export async function readContactRoles(api: ZohoApi, dealIds: readonly string[]): Promise<Map<string, string[]>> {
  const contacts = new Map<string, string[]>();
  for (const some of chunksOf(dealIds, zohoLimits.relatedListsAtOnce)) {
    await Promise.all(some.map(async (id) => {
      const answer = await api.send(rolesSchema, { method: 'GET', path: `Deals/${id}/Contact_Roles?fields=id`, operation: 'contactRoles.list' });
      contacts.set(id, (answer?.data ?? []).map((role) => role.id));
    }));
  }
  return contacts;
}

/** Whom each deal is about: its own contact and those of its related list. */
export async function readDealContacts(api: ZohoApi, deals: readonly ZohoDeal[]): Promise<Map<string, string[]>> {
  const roles = await readContactRoles(api, deals.map(({ id }) => id));
  return new Map(deals.map(({ id, Contact_Name: own }) => [id, [...new Set([...(own ? [own.id] : []), ...(roles.get(id) ?? [])])]]));
}

/** Gives contacts a part in a deal; those that have one keep it. @returns the Failure of the first that was refused. */
export async function addDealContacts(api: ZohoApi, dealId: string, contactIds: readonly string[]): Promise<Failure | undefined> {
  const operation = 'contactRoles.add';
  const answer = await api.send(resultsSchema, {
    method: 'PUT', path: `Deals/${dealId}/Contact_Roles`, operation, body: { data: [...new Set(contactIds)].map((id) => ({ id })) },
  });
  const refused = answer?.data.find((result) => result.status === 'error');
  return refused?.status === 'error' ? zohoRecordFailure(operation, refused) : undefined;
}

/** Takes a contact its part in a deal; one that has none is left as he is. */
export async function removeDealContact(api: ZohoApi, dealId: string, contactId: string): Promise<void> {
  await api.send(z.unknown(), { method: 'DELETE', path: `Deals/${dealId}/Contact_Roles/${contactId}`, operation: 'contactRoles.remove' });
}
