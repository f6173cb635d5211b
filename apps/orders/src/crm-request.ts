import { deterministicId, type ContactFields, type crmUpsertRequested, type EventData, type RequestedRecord } from '@crossdock/contracts';
import { crmObjects, type CrmRequest } from './crm-sync.machine.ts';
import type { CustomerOrder } from './order.entity.ts';
import type { CrmRequestEntry } from './order.repository.ts';

/** A request to the CRM, and what has to be remembered of it. */
interface NewCrmRequest {
  readonly request: EventData<typeof crmUpsertRequested>;
  readonly asked: readonly CrmRequestEntry[];
}

/** The request to the CRM for these revisions of an order, the deal with its contact where it carries both. */
export function requestOf(order: CustomerOrder, due: CrmRequest): NewCrmRequest {
  const { orderId, crmVendor: vendor, crmConnectionId: connectionId } = order;
  if (vendor === null || connectionId === null) throw new Error(`Order ${orderId} is linked to no CRM, yet one was to be asked.`);
  const revisions = crmObjects.flatMap((object) => (due[object] === undefined ? [] : [{ object, revision: due[object] }]));
  const requestId = deterministicId('crm.upsert', orderId, connectionId, ...revisions.flatMap(({ object, revision }) => [object, String(revision)]));
  return {
    request: { requestId, vendor, connectionId, record: recordOf(order, due) },
    asked: revisions.map((revision) => ({ ...revision, requestId, orderId, outcome: null })),
  };
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
