import { Failure, type RequestedRecord, type UpsertRecord } from '@crossdock/contracts';
import type { UpsertResult } from '@crossdock/crm-connector';
import { dispositionOf } from '@crossdock/task-queue';

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;
type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

/** What the CRM made of the parts of a request; a part that was not sent is absent. */
export interface PartResults {
  contact?: UpsertResult;
  deal?: UpsertResult;
}

/** The contact that a request is for, or that goes with its deal. */
export function contactOf(record: RequestedRecord): ContactRecord | undefined {
  if (record.object === 'contact') return record;
  return record.contact && { object: 'contact', fields: record.contact };
}

/**
 * The deal that a request is for, with what became of the contact that went before it: a contact that the CRM refused does
 * not hold the deal back. None while that contact is to be tried again.
 */
export function dealOf(record: RequestedRecord, contact: UpsertResult | undefined): DealRecord | undefined {
  if (record.object === 'contact' || (contact instanceof Failure && !isFinal(contact))) return undefined;
  const { object, externalKey, fields, contactIds } = record;
  return { object, externalKey, fields, contactIds: contact === undefined || contact instanceof Failure ? contactIds : [contact.crmId] };
}

/** Why the request as a whole has failed; undefined where all was taken, or part was taken and the rest refused for good. */
export function failureOfAll({ contact, deal }: PartResults): Failure | undefined {
  const results = [contact, deal].filter((result) => result !== undefined);
  const failures = results.filter((result) => result instanceof Failure);
  return failures.find((failure) => !isFinal(failure)) ?? (failures.length === results.length ? failures[0] : undefined);
}

export function takenParts({ contact, deal }: PartResults): PartResults {
  return {
    ...(contact && !(contact instanceof Failure) && { contact }),
    ...(deal && !(deal instanceof Failure) && { deal }),
  };
}

/** The parts that the CRM refused, each as a request of its own. */
export function refusedParts(record: RequestedRecord, { contact, deal }: PartResults): RequestedRecord[] {
  return [
    contact instanceof Failure ? contactOf(record) : undefined,
    deal instanceof Failure ? dealOf(record, contact) : undefined,
  ].filter((part) => part !== undefined);
}

/** Trying again cannot help. */
function isFinal({ kind }: Failure): boolean {
  return dispositionOf(kind) === 'dead_letter';
}
