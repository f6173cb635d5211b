import { deterministicId, type CompanyFields, type ContactFields, type crmUpsertRequested, type DealFields, type EventData, type RequestedRecord } from '@crossdock/contracts';
import { crmObjects, type CrmRequest } from './crm-sync.machine.ts';
import { dealLinesOf } from './deal-lines.ts';
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

/** Whether the CRM can find, or keep, the customer: by an e-mail, or else by a phone number. */
export function isKnown({ email, phone }: ContactFields): boolean {
  return email !== undefined || phone !== undefined;
}

function recordOf(order: CustomerOrder, due: CrmRequest): RequestedRecord {
  const contact = due.contact === undefined ? undefined : contactOf(order);
  const company = contact && companyOf(contact);
  if (due.deal === undefined) return { object: 'contact', fields: contact ?? contactOf(order), ...(company && { company }) };
  if (!order.dealWanted) throw new Error(`Order ${order.orderId} wants no deal, yet one was to be asked for.`);
  const { contactId } = order.crmSync;
  return {
    object: 'deal',
    externalKey: order.orderId,
    fields: due.leavesStatus ? withoutStatus(order.dealWanted) : order.dealWanted,
    contactIds: contactId === undefined ? [] : [contactId],
    ...(contact && { contact }),
    ...(company && { company }),
    lines: dealLinesOf(order.canonical),
  };
}

function withoutStatus({ orderStatus: _, ...fields }: DealFields): DealFields {
  return fields;
}

function contactOf({ orderId, contactWanted }: CustomerOrder): ContactFields {
  if (!contactWanted || !isKnown(contactWanted)) throw new Error(`Order ${orderId} has a customer without e-mail and phone number, yet a contact was to be asked for.`);
  return contactWanted;
}

/** The company that the customer named with the billing address. */
function companyOf({ companyName: name, country }: ContactFields): CompanyFields | undefined {
  return name === undefined || name === '' ? undefined : { name, ...(country !== undefined && { country }) };
}
