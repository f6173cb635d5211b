import { Failure, type CompanyFields, type ContactFields, type RequestedRecord } from '@crossdock/contracts';
import type { RecordWritten } from '@crossdock/crm-connector';
import { dispositionOf } from '@crossdock/task-queue';
import type { LinesWritten } from './deal-line-writes.ts';

export type PartResult = RecordWritten | Failure;

/** What the CRM made of the parts of a request; a part that was not sent is absent. */
export interface PartResults {
  company?: PartResult;
  contact?: PartResult;
  deal?: PartResult;
  /** Of the deal; absent where nothing had to be done about them. */
  lines?: LinesWritten | Failure;
}

export type RequestedDeal = Extract<RequestedRecord, { object: 'deal' }>;

/** The contact that a request is for, or that goes with its deal. */
export function contactOf(record: RequestedRecord): ContactFields | undefined {
  return record.object === 'contact' ? record.fields : record.contact;
}

export function companyOf({ company }: RequestedRecord): CompanyFields | undefined {
  return company;
}

export function dealOf(record: RequestedRecord): RequestedDeal | undefined {
  return record.object === 'deal' ? record : undefined;
}

/** Whether a part may be sent: what goes before it was taken, or refused for good. */
export function isReady(...before: ReadonlyArray<PartResult | undefined>): boolean {
  return before.every((result) => !(result instanceof Failure) || isFinal(result));
}

/** Why the request as a whole has failed; undefined where all was taken, or part was taken and the rest refused for good. A company that was refused fails nothing. */
export function failureOfAll({ company, contact, deal, lines }: PartResults): Failure | undefined {
  const results = [contact, deal].filter((result) => result !== undefined);
  const failures = results.filter((result) => result instanceof Failure);
  if (company instanceof Failure && !isFinal(company)) return company;
  if (lines instanceof Failure && areDueAgain(lines)) return lines;
  return failures.find((failure) => !isFinal(failure)) ?? (failures.length === results.length ? failures[0] : undefined);
}

/** What was taken, and what became of the company and the lines. */
export function takenParts({ company, contact, deal, lines }: PartResults): PartResults {
  return {
    ...(company && { company }),
    ...(contact && !(contact instanceof Failure) && { contact }),
    ...(deal && !(deal instanceof Failure) && { deal }),
    ...(lines && { lines }),
  };
}

/** The parts that the CRM refused, each as a request of its own. */
export function refusedParts(record: RequestedRecord, { contact, deal }: PartResults): RequestedRecord[] {
  const refusedContact = contact instanceof Failure ? contactOf(record) : undefined;
  const { company } = record;
  return [
    ...(refusedContact ? [{ object: 'contact' as const, fields: refusedContact, ...(company && { company }) }] : []),
    ...(deal instanceof Failure && record.object === 'deal' ? [withContact(record, contact)] : []),
  ];
}

function withContact({ contact: _, ...deal }: RequestedDeal, contact: PartResult | undefined): RequestedDeal {
  return { ...deal, contactIds: contact && !(contact instanceof Failure) ? [contact.id] : deal.contactIds };
}

/** A right that the account did not give is no reason to hold the deal up: its lines stand in it as text as well. */
const areDueAgain = (lines: Failure): boolean => !isFinal(lines) && lines.kind !== 'forbidden';

/** Trying again cannot help. */
function isFinal({ kind }: Failure): boolean {
  return dispositionOf(kind) === 'dead_letter';
}
