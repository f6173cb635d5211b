import { deterministicId, type ContactFields, type crmUpsertRequested, type EventData, type RequestedRecord } from '@crossdock/contracts';
import type { CrmRequestRecord } from './crm-request.entity.ts';
import { crmObjects, type CrmRequest } from './crm-sync.machine.ts';
import type { CustomerOrder } from './order.entity.ts';

type CrmRevision = Pick<CrmRequestRecord, 'object' | 'revision'>;

/** The request to the CRM for these revisions of an order, the deal with its contact where it carries both. */
export function requestOf(order: CustomerOrder, due: CrmRequest): EventData<typeof crmUpsertRequested> & { readonly revisions: CrmRevision[] } {
  const { orderId, crmVendor: vendor, crmConnectionId: connectionId } = order;
  if (vendor === null || connectionId === null) throw new Error(`Order ${orderId} is linked to no CRM, yet one was to be asked.`);
  const revisions = crmObjects.flatMap((object) => (due[object] === undefined ? [] : [{ object, revision: due[object] }]));
  const requestId = deterministicId('crm.upsert', orderId, connectionId, ...revisions.flatMap(({ object, revision }) => [object, String(revision)]));
  return { requestId, vendor, connectionId, record: recordOf(order, due), revisions };
}

function recordOf(order: CustomerOrder, due: CrmRequest): RequestedRecord {
  if (due.deal === undefined) return { object: 'contact', fields: withEmail(order.contactWanted) };
  if (!order.dealWanted) throw new Error(`Order ${order.orderId} wants no deal, yet one was to be asked for.`);
  const { contactId } = order.crmSync;
  return {
    object: 'deal',
    externalKey: order.orderId,
    fields: order.dealWanted,
    contactIds: contactId === undefined ? [] : [contactId],
    ...(due.contact !== undefined && { contact: withEmail(order.contactWanted) }),
  };
}

function withEmail(fields: ContactFields | null): ContactFields & { email: string } {
  if (fields?.email === undefined) throw new Error('A contact without an e-mail was to be asked for.');
  return { ...fields, email: fields.email };
}
