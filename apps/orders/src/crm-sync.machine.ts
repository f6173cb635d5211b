import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';

const revisionsSchema = z.object({ wanted: z.int().nonnegative(), answered: z.int().nonnegative() });
type Revisions = z.infer<typeof revisionsSchema>;

const crmRequestSchema = z.object({ object: z.enum(['contact', 'deal']), revision: z.int().positive() });
export type CrmRequest = z.infer<typeof crmRequestSchema>;

/**
 * How far the CRM knows an order. Each object has a revision that is wanted and one that the CRM has answered; one
 * request an order is under way at a time. So requests of one order cannot overtake each other, changes that come
 * meanwhile are sent as one, and the last answer is always that of the newest state.
 */
export const crmSyncSchema = z.object({
  contact: revisionsSchema,
  deal: revisionsSchema,
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
export function wantUpsert(sync: CrmSync, changed: readonly CrmObject[]): CrmSync {
  return changed.reduce<CrmSync>((state, object) => ({ ...state, [object]: wantedAgain(state[object]) }), sync);
}

/** Whether the CRM is behind the order: a request is under way or due. */
export function isBehind({ contact, deal, underWay }: CrmSync): boolean {
  return underWay !== undefined || contact.wanted > contact.answered || deal.wanted > deal.answered;
}

/** Starts the next request, the contact before the deal that refers to it; the same state where none is due. */
export function startNextRequest(sync: CrmSync): CrmSync {
  if (sync.underWay) return sync;
  const object = (['contact', 'deal'] as const).find((each) => sync[each].wanted > sync[each].answered);
  return object ? { ...sync, underWay: { object, revision: sync[object].wanted } } : sync;
}

/**
 * Takes the answer to the request under way; the same state where the request is not.
 * @param crmId absent where the CRM refused: a refused contact does not hold back the deal, which then goes without it.
 */
export function takeAnswer(sync: CrmSync, request: CrmRequest, crmId: string | undefined): CrmSync {
  const { underWay, ...rest } = sync;
  if (underWay?.object !== request.object || underWay.revision !== request.revision) return sync;
  const answered: CrmSync = { ...rest, [request.object]: { ...sync[request.object], answered: request.revision } };
  return crmId === undefined ? answered : learnId(answered, request.object, crmId);
}

/**
 * Takes the success of a request that the CRM had refused before, until a person mended it and had it tried again. What
 * it carried may be older than what the CRM was told since; then the newest is told once more.
 */
export function takeLateSuccess(sync: CrmSync, { object, revision }: CrmRequest, crmId: string): CrmSync {
  const learnt = learnId(sync, object, crmId);
  return revision < sync[object].answered ? wantUpsert(learnt, [object]) : learnt;
}

function learnId(sync: CrmSync, object: CrmObject, crmId: string): CrmSync {
  if (object === 'deal') return { ...sync, dealId: crmId };
  return crmId === sync.contactId ? sync : wantUpsert({ ...sync, contactId: crmId }, ['deal']);
}

function wantedAgain(revisions: Revisions): Revisions {
  return { ...revisions, wanted: revisions.wanted + 1 };
}
