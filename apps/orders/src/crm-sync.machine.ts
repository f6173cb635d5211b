import type { UpsertObject } from '@crossdock/contracts';
import { z } from 'zod';

/** The contact before the deal that refers to it. */
export const crmObjects = ['contact', 'deal'] as const satisfies readonly UpsertObject[];

const revisionsSchema = z.object({ wanted: z.int().nonnegative(), answered: z.int().nonnegative() });
type Revisions = z.infer<typeof revisionsSchema>;

/** The revisions that one request carries: of one object, or of the contact and the deal that is associated with it. */
const crmRequestSchema = z.object({
  contact: z.int().positive().optional(),
  deal: z.int().positive().optional(),
  /** The deal says already where the order stands, as far as is known: that is left as it is. */
  leavesStatus: z.literal(true).optional(),
});
export type CrmRequest = z.infer<typeof crmRequestSchema>;

/** What the CRM says of one object: the revision that was asked, and its id there; no id where it was refused. */
export interface CrmAnswer {
  readonly revision: number;
  readonly crmId: string | undefined;
}
/** Answers that came together, so that a deal among them is associated with the contact among them. */
export type CrmAnswers = Partial<Record<UpsertObject, CrmAnswer>>;

/**
 * How far the CRM knows an order. Each object has a revision that is wanted and one that the CRM has answered; one
 * request an order is under way at a time. So requests of one order cannot overtake each other, changes that come
 * meanwhile are sent as one, and the last answer is always that of the newest state.
 */
export const crmSyncSchema = z.object({
  contact: revisionsSchema,
  deal: revisionsSchema,
  /** What of a request the CRM has not answered yet. */
  underWay: crmRequestSchema.optional(),
  /** The contact's id at the CRM, once known. */
  contactId: z.string().optional(),
  /** The deal's id at the CRM, once known. */
  dealId: z.string().optional(),
});
export type CrmSync = z.infer<typeof crmSyncSchema>;

const nothingWanted: Revisions = { wanted: 0, answered: 0 };

/** Nothing is known at the CRM and nothing is wanted there. */
export const unsynced: CrmSync = { contact: nothingWanted, deal: nothingWanted };

/** Wants the changed objects told to the CRM. */
export function wantUpsert(sync: CrmSync, changed: readonly UpsertObject[]): CrmSync {
  return changed.reduce<CrmSync>((state, object) => ({ ...state, [object]: wantedAgain(state[object]) }), sync);
}

/** Whether the CRM is behind the order: a request is under way or due. */
export function isBehind({ contact, deal, underWay }: CrmSync): boolean {
  return underWay !== undefined || contact.wanted > contact.answered || deal.wanted > deal.answered;
}

/** Starts the next request, for all that is due; the same state where nothing is, or one is under way. */
export function startNextRequest(sync: CrmSync): CrmSync {
  const { contact, deal } = sync;
  const due: CrmRequest = {
    ...(contact.wanted > contact.answered && { contact: contact.wanted }),
    ...(deal.wanted > deal.answered && { deal: deal.wanted }),
  };
  return sync.underWay || isEmpty(due) ? sync : { ...sync, underWay: due };
}

/**
 * Takes what the CRM answered of the request under way; the same state where it answers nothing of that. A refused
 * contact does not hold back the deal, which then stands without it.
 */
export function takeAnswers(sync: CrmSync, answers: CrmAnswers): CrmSync {
  const taken = crmObjects.filter((object) => answers[object] !== undefined && answers[object].revision === sync.underWay?.[object]);
  const next = taken.reduce((state, object) => answered(state, object, answers[object]?.crmId), sync);
  const isDealWithContact = next.underWay?.deal !== undefined || (taken.includes('deal') && answers.deal?.crmId !== undefined);
  return next.contactId !== sync.contactId && !isDealWithContact ? wantUpsert(next, ['deal']) : next;
}

function answered({ underWay, ...sync }: CrmSync, object: UpsertObject, crmId: string | undefined): CrmSync {
  const open: CrmRequest = { ...underWay, [object]: undefined };
  const next: CrmSync = {
    ...sync, [object]: { ...sync[object], answered: underWay?.[object] ?? sync[object].answered }, ...(!isEmpty(open) && { underWay: open }),
  };
  return crmId === undefined ? next : withId(next, object, crmId);
}

/**
 * Takes the success of a request that the CRM had refused before, until a person mended it and had it tried again. What
 * it carried may be older than what the CRM was told since, or is being told; then the newest is told once more.
 */
export function takeLateSuccess(sync: CrmSync, object: UpsertObject, { revision, crmId }: { readonly revision: number; readonly crmId: string }): CrmSync {
  const learnt = withId(sync, object, crmId);
  const isOld = revision < sync[object].wanted;
  const isContactNew = learnt.contactId !== sync.contactId;
  return wantUpsert(learnt, [...(isOld ? [object] : []), ...(isContactNew ? ['deal' as const] : [])]);
}

function withId(sync: CrmSync, object: UpsertObject, crmId: string): CrmSync {
  return object === 'deal' ? { ...sync, dealId: crmId } : { ...sync, contactId: crmId };
}

function isEmpty({ contact, deal }: CrmRequest): boolean {
  return contact === undefined && deal === undefined;
}

function wantedAgain(revisions: Revisions): Revisions {
  return { ...revisions, wanted: revisions.wanted + 1 };
}
