import { Failure } from '@crossdock/contracts';
import type { RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { createContactRoles } from '../salesforce.collections.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { deleteRecords } from './deletions.ts';
import { rolesOf } from './record-reading.ts';

interface Part {
  readonly OpportunityId: string;
  readonly ContactId: string;
}

const nameOf = ({ OpportunityId, ContactId }: Part): string => `${OpportunityId} ${ContactId}`;

/** Gives contacts a part in opportunities that were written, or takes it away; what is so already is left as it is. */
export async function changeContactRoles(
  session: SalesforceSession, writes: readonly RecordWrite[], outcomes: ReadonlyArray<RecordWritten | Failure>,
): Promise<Array<RecordWritten | Failure>> {
  const partsOf = (list: 'associate' | 'dissociate'): Part[] => writes.flatMap((write, index) => {
    const outcome = outcomes[index];
    if (!outcome || outcome instanceof Failure) return [];
    return (write[list] ?? []).filter(({ object }) => object === 'contact').map(({ id: ContactId }) => ({ OpportunityId: outcome.id, ContactId }));
  });
  const [wanted, unwanted] = [partsOf('associate'), new Set(partsOf('dissociate').map(nameOf))];
  if (wanted.length === 0 && unwanted.size === 0) return [...outcomes];
  const concerned = new Set([...wanted, ...partsOf('dissociate')].map(({ OpportunityId }) => OpportunityId));
  const present = await rolesOf(session, [...concerned]);
  const known = new Set(present.map(nameOf));
  const missing = [...new Map(wanted.filter((part) => !known.has(nameOf(part))).map((part) => [nameOf(part), part])).values()];
  const surplus = present.filter((role) => unwanted.has(nameOf(role)));
  const created = await createContactRoles(session.call('contactRoles.create', { idempotent: false }), missing, 'contactRoles.create');
  const deleted = await deleteRecords(session, 'contactRoles.delete', surplus.map(({ Id }) => Id));
  const failures = new Map([
    ...missing.map(({ OpportunityId }, index) => [OpportunityId, created[index]] as const),
    ...surplus.map(({ OpportunityId }, index) => [OpportunityId, deleted[index]] as const),
  ].filter((entry): entry is [string, Failure] => entry[1] instanceof Failure));
  return outcomes.map((outcome) => (outcome instanceof Failure ? outcome : failures.get(outcome.id) ?? outcome));
}
