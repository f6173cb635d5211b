import { chunksOf } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { DynamicsSession } from './dynamics.api.ts';
import { dynamicsLimits } from './dynamics.limits.ts';

/** ISO 4217 codes of the environment's currencies by their rows. */
export async function readCurrencies(session: DynamicsSession): Promise<Map<string, string>> {
  const rows = await session.list('currencies.list', 'transactioncurrencies', { $select: 'transactioncurrencyid,isocurrencycode' }, z.object({
    transactioncurrencyid: z.uuid(), isocurrencycode: z.string(),
  }));
  return new Map(rows.map(({ transactioncurrencyid, isocurrencycode }) => [transactioncurrencyid, isocurrencycode]));
}

const linkSchema = z.object({ connectionid: z.uuid(), _record1id_value: z.uuid(), _record2id_value: z.uuid().nullish() });

/** The connections that lead from these opportunities to others. */
export async function readConnections(session: DynamicsSession, opportunityIds: readonly string[]): Promise<Array<z.infer<typeof linkSchema>>> {
  return session.listAll('connections.list', chunksOf(opportunityIds, dynamicsLimits.idsPerFilter).map((ids) => ({
    entitySet: 'connections', select: '_record1id_value,_record2id_value', filter: ids.map((id) => `_record1id_value eq ${id}`).join(' or '),
  })), linkSchema);
}

/** Ids of the contacts of each opportunity: its own first, then those who are connected with it. */
export async function readContactIds(
  session: DynamicsSession, opportunities: ReadonlyArray<{ readonly opportunityid: string; readonly _parentcontactid_value?: string | null | undefined }>,
): Promise<Map<string, string[]>> {
  const contacts = new Map(opportunities.map(({ opportunityid, _parentcontactid_value: own }) => [opportunityid, own ? [own] : []]));
  for (const { _record1id_value: id, _record2id_value: other } of await readConnections(session, [...contacts.keys()])) {
    const known = contacts.get(id);
    if (known && other && !known.includes(other)) known.push(other);
  }
  return contacts;
}
