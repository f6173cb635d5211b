import type { SyncRules } from './sync-rules.ts';
import type { SyncedRecord } from './synced-record.ts';

/** What follows from a record's end in one account. */
export interface TakenGone {
  readonly record: SyncedRecord;
  /** Connections where it is to be archived too. */
  readonly archiveAt: readonly string[];
}

/** Takes over that a record is no more in an account, by the policy of the sync. */
export function takeGone({ golden, links }: SyncedRecord, connectionId: string, { gone, sides }: SyncRules): TakenGone {
  const link = links.get(connectionId);
  if (!link || link.state === 'gone') return { record: { golden, links }, archiveAt: [] };
  const { pending: _, ...rest } = link;
  const without = new Map(links).set(connectionId, { ...rest, state: 'gone' as const });
  const isRead = sides.some((side) => side.connectionId === connectionId && side.reads);
  if (gone === 'ignore' || !isRead) return { record: { golden, links: without }, archiveAt: [] };
  const writable = new Set(sides.filter(({ writes }) => writes).map((side) => side.connectionId));
  const others = [...without.values()].filter((each) => each.state === 'linked' && each.externalId !== undefined && writable.has(each.connectionId));
  return {
    record: { golden: { ...golden, state: 'gone' }, links: without },
    archiveAt: gone === 'archive' ? others.map((each) => each.connectionId) : [],
  };
}
