import type { RecordRef, RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject } from '@crossdock/contracts';
import type { ZohoApi } from '../zoho.api.ts';
import { addDealContacts, removeDealContact } from '../zoho.contact-roles.ts';
import { associationFieldsOf, lookups } from './zoho.modules.ts';
import type { PresentRecord } from './zoho.targets.ts';

/**
 * The lookups of a record after a write. A contact and a deal name one company, the last one that is given; a deal names as
 * its own the first contact that it gets, and keeps it.
 */
export function toLookups(object: CrmObject, { associate = [], dissociate = [] }: RecordWrite, present: PresentRecord | undefined): Record<string, { id: string } | null> {
  const fields = associationFieldsOf(object);
  const company = changed(present?.companyId, idsOf(associate, 'company').at(-1), idsOf(dissociate, 'company'));
  const isContactKept = present?.contactId !== undefined && !idsOf(dissociate, 'contact').includes(present.contactId);
  const contact = isContactKept ? undefined : changed(present?.contactId, idsOf(associate, 'contact')[0], idsOf(dissociate, 'contact'));
  return {
    ...(fields.includes(lookups.company) && company !== undefined && { [lookups.company]: company }),
    ...(fields.includes(lookups.contact) && contact !== undefined && { [lookups.contact]: contact }),
  };
}

/** The contacts of deals that stand in their related lists, a call a deal; a deal of which one is refused is not done. */
export async function changeRoles(api: ZohoApi, writes: readonly RecordWrite[], results: ReadonlyArray<RecordWritten | Failure>): Promise<Array<RecordWritten | Failure>> {
  const outcomes: Array<RecordWritten | Failure> = [];
  for (const [index, result] of results.entries()) {
    const { associate = [], dissociate = [] } = writes[index] ?? {};
    outcomes.push(result instanceof Failure ? result : await changeRolesOf(api, result, idsOf(associate, 'contact'), idsOf(dissociate, 'contact')));
  }
  return outcomes;
}

async function changeRolesOf(api: ZohoApi, result: RecordWritten, added: readonly string[], removed: readonly string[]): Promise<RecordWritten | Failure> {
  try {
    for (const id of removed) await removeDealContact(api, result.id, id);
    return added.length === 0 ? result : await addDealContacts(api, result.id, added) ?? result;
  } catch (thrown) {
    return asFailure(thrown);
  }
}

/** What a lookup becomes; undefined where it stays as it is. */
function changed(before: string | undefined, added: string | undefined, removed: readonly string[]): { id: string } | null | undefined {
  if (added !== undefined) return added === before ? undefined : { id: added };
  return before !== undefined && removed.includes(before) ? null : undefined;
}

const idsOf = (refs: readonly RecordRef[], object: CrmObject): string[] => refs.filter((ref) => ref.object === object).map(({ id }) => id);
