import type { UpsertObject, crmUpsertCompleted, EventData, LinesOutcome, UpsertOutcome } from '@crossdock/contracts';
import { takeAnswers, takeLateSuccess, type CrmSync } from './crm-sync.machine.ts';
import type { CrmRequestEntry, NewDecision } from './order.repository.ts';

export type UpsertAnswer = EventData<typeof crmUpsertCompleted>;

/** What the CRM answered to an entry of a request. */
export interface AnsweredRequest {
  readonly request: CrmRequestEntry;
  readonly outcome: UpsertOutcome;
}

/** Which entries of a request an answer speaks of. */
export function answeredRequests(asked: readonly CrmRequestEntry[], { object, result, contact }: UpsertAnswer): AnsweredRequest[] {
  const outcomes: Partial<Record<UpsertObject, UpsertOutcome>> = { ...(contact && { contact }), [object]: result };
  return asked.flatMap((request) => {
    const outcome = outcomes[request.object];
    return outcome ? [{ request, outcome }] : [];
  });
}

/** How far the CRM knows the order after its answers; the same state where they are repeats. */
export function syncAfter(sync: CrmSync, told: readonly AnsweredRequest[]): CrmSync {
  const first = told.filter(({ request }) => request.outcome === null).map(({ request: { object, revision }, outcome }) =>
    [object, { revision, crmId: outcome.outcome === 'upserted' ? outcome.crmId : undefined }] as const);
  return told.reduce(
    (state, { request: { object, revision, outcome: before }, outcome }) => (before === 'refused' && outcome.outcome === 'upserted'
      ? takeLateSuccess(state, object, { revision, crmId: outcome.crmId }) : state),
    takeAnswers(sync, Object.fromEntries(first)),
  );
}

/** The answer as a line of the order's timeline. */
export function decisionOf({ request: { object, revision }, outcome }: AnsweredRequest): NewDecision {
  return outcome.outcome === 'upserted'
    ? { kind: 'crm_upserted', detail: { object, revision, ...taken(outcome) } }
    : { kind: 'crm_refused', detail: { object, revision, ...refused(outcome) } };
}

/** The same of the company that went before contact and deal; it has no revisions of its own. */
export function decisionOfCompany(outcome: UpsertOutcome): NewDecision {
  return outcome.outcome === 'upserted'
    ? { kind: 'crm_upserted', detail: { object: 'company', ...taken(outcome) } } : { kind: 'crm_refused', detail: { object: 'company', ...refused(outcome) } };
}

/** The same of the deal's line items, in accounts that keep such. */
export function decisionOfLines(outcome: LinesOutcome): NewDecision {
  return outcome.outcome === 'written'
    ? { kind: 'crm_upserted', detail: { object: 'lines', count: outcome.count } } : { kind: 'crm_refused', detail: { object: 'lines', kind: outcome.kind, message: outcome.message } };
}

function taken({ crmId, created, modifiedAt }: Extract<UpsertOutcome, { outcome: 'upserted' }>): NewDecision['detail'] {
  return { crmId, created, ...(modifiedAt !== undefined && { modifiedAt }) };
}

function refused({ kind, message, field }: Extract<UpsertOutcome, { outcome: 'refused' }>): NewDecision['detail'] {
  return { kind, message, ...(field !== undefined && { field }) };
}
