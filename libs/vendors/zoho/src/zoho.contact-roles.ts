import { chunksOf } from '@crossdock/crm-connector';
import type { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { zohoErrorSchema, zohoRecordFailure } from './zoho.errors.ts';
import { zohoLimits } from './zoho.limits.ts';

const resultSchema = z.union([
  z.object({ status: z.literal('success'), action: z.enum(['insert', 'update']).optional(), details: z.object({ id: z.string() }) }),
  zohoErrorSchema.extend({ status: z.literal('error') }),
]);
const resultsSchema = z.object({ data: z.array(resultSchema) });

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
