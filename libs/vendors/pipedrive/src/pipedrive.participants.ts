import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';

/** A deal, as far as those who take part in it are concerned. */
interface DealWithPeople {
  readonly id: number;
  readonly person_id?: number | null | undefined;
  readonly participants_count?: number | null | undefined;
}

const participantSchema = z.object({ id: z.int().positive(), person_id: z.object({ value: z.int().positive() }) });

/** Gives these persons a part in the deal, beside its contact person; who has one keeps it. */
export async function addParticipants(session: PipedriveSession, deal: Pick<DealWithPeople, 'id' | 'person_id'>, personIds: readonly number[]): Promise<void> {
  const others = personIds.filter((id) => id !== deal.person_id);
  if (others.length === 0) return;
  const present = new Set((await readParticipants(session, deal.id)).map(({ personId }) => personId));
  for (const personId of new Set(others)) {
    if (present.has(personId)) continue;
    await session.call({ operation: 'participants.create', method: 'POST', path: pathOf(deal.id), body: { person_id: personId } }, z.unknown());
  }
}

/** Whom each deal is about. Who takes part beside the contact person is asked only where somebody does. */
export async function personIdsOf(session: PipedriveSession, deals: readonly DealWithPeople[]): Promise<Map<number, number[]>> {
  const personIds = new Map<number, number[]>();
  for (const deal of deals) {
    const own = deal.person_id === undefined || deal.person_id === null ? [] : [deal.person_id];
    const others = (deal.participants_count ?? 0) > own.length ? (await readParticipants(session, deal.id)).map(({ personId }) => personId) : [];
    personIds.set(deal.id, [...new Set([...own, ...others])]);
  }
  return personIds;
}

/** Takes these persons their part in the deal; who has none is left as he is. */
export async function removeParticipants(session: PipedriveSession, dealId: number, personIds: readonly number[]): Promise<void> {
  if (personIds.length === 0) return;
  for (const { id, personId } of await readParticipants(session, dealId)) {
    if (personIds.includes(personId)) await session.remove({ operation: 'participants.delete', path: `${pathOf(dealId)}/${id}` });
  }
}

async function readParticipants(session: PipedriveSession, dealId: number): Promise<Array<{ id: number; personId: number }>> {
  const { rows } = await session.page({
    operation: 'participants.list', path: pathOf(dealId), query: { limit: pipedriveLimits.pageSize },
  }, participantSchema);
  return rows.map(({ id, person_id: { value: personId } }) => ({ id, personId }));
}

function pathOf(dealId: number): string {
  return `${pipedriveLimits.apiV1}/deals/${dealId}/participants`;
}
