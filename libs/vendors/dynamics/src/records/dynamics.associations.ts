import type { RecordRef, RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import type { BatchPart } from '../dynamics.batch.ts';
import { connectionIdFor } from '../dynamics.mapping.ts';
import { tableOf } from './dynamics.tables.ts';
import type { PresentRow } from './dynamics.targets.ts';

type References = Record<string, string | null>;

/**
 * The references of a row after a write. A contact and a deal name one company, the last one that is given; a deal names as
 * its own the first contact that it gets, and keeps it. Null takes a reference away.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function toReferences(object: CrmObject, { associate = [], dissociate = [] }: RecordWrite, present: PresentRow | undefined): References {
  const { company, contact } = tableOf(object).names;
  const keepsContact = present?.contactId !== undefined && !idsOf(dissociate, 'contact').includes(present.contactId);
  return {
    ...(company && bind(company.bindAs, 'accounts', { before: present?.companyId, added: idsOf(associate, 'company').at(-1), removed: idsOf(dissociate, 'company') })),
    ...(contact && !keepsContact && bind(contact.bindAs, 'contacts', { before: present?.contactId, added: ownContactOf(associate), removed: idsOf(dissociate, 'contact') })),
  };
}

function bind(
  name: string, entitySet: string, { before, added, removed }: { readonly before: string | undefined; readonly added: string | undefined; readonly removed: readonly string[] },
): References {
  if (added !== undefined) return added === before ? {} : { [`${name}@odata.bind`]: `/${entitySet}(${added})` };
  return before !== undefined && removed.includes(before) ? { [`${name}@odata.bind`]: null } : {};
}

/** Connects a deal's further contacts, and takes connections away. */
export function toConnections(dealId: string, { associate = [], dissociate = [] }: RecordWrite, present: PresentRow | undefined): BatchPart[] {
  const removed = new Set(idsOf(dissociate, 'contact'));
  const keepsContact = present?.contactId !== undefined && !removed.has(present.contactId);
  const own = keepsContact ? present.contactId : ownContactOf(associate);
  const added = [...new Set(idsOf(associate, 'contact'))].filter((id) => id !== own && present?.connected.has(id) !== true);
  return [
    ...[...present?.connected ?? []].filter(([contact]) => removed.has(contact)).map(([, id]): BatchPart => ({ method: 'DELETE', path: `connections(${id})` })),
    ...added.map((contact): BatchPart => ({
      method: 'PATCH', path: `connections(${connectionIdFor(dealId, contact)})`,
      body: { 'record1id_opportunity@odata.bind': `/opportunities(${dealId})`, 'record2id_contact@odata.bind': `/contacts(${contact})` },
    })),
  ];
}

const ownContactOf = (associate: readonly RecordRef[]): string | undefined => idsOf(associate, 'contact')[0];
const idsOf = (refs: readonly RecordRef[], object: CrmObject): string[] => refs.filter((ref) => ref.object === object).map(({ id }) => id);
