import type { StoredRecord } from '../records/synced-record.repository.ts';

/**
 * A person's word on a field that was changed in two places. The side that wins is taken for all accounts.
 * @returns undefined where the field waits for no decision.
 */
export function decideConflict(record: StoredRecord, connectionId: string, field: string, winner: 'ours' | 'theirs'): StoredRecord | undefined {
  const link = record.links.get(connectionId);
  const held = link?.held[field];
  if (!link || !held) return undefined;
  const others = Object.fromEntries(Object.entries(link.held).filter(([name]) => name !== field));
  const links = new Map(record.links).set(connectionId, { ...link, held: others });
  if (winner === 'ours') return { ...record, links };
  const { golden } = record;
  return {
    ...record, links,
    golden: {
      ...golden,
      fields: { ...golden.fields, [field]: held.theirs },
      origins: { ...golden.origins, [field]: { connectionId, at: held.since } },
    },
  };
}
