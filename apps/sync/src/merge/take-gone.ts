import type { SyncRules } from './sync-rules.ts';
import type { RecordLink, Refusal, SyncedRecord } from './synced-record.ts';

/**
 * Takes over that a record is no more in an account, by the policy of the sync; not where it was read there since.
 * What is to be archived elsewhere then, `dueArchives` says.
 */
export function takeGone({ golden, links }: SyncedRecord, connectionId: string, noticedAt: string, { gone, sides }: SyncRules): SyncedRecord {
  const link = links.get(connectionId);
  if (!link || link.state === 'gone' || (link.toldAt !== undefined && noticedAt < link.toldAt)) return { golden, links };
  const { pending: _, ...rest } = link;
  const isRead = sides.some((side) => side.connectionId === connectionId && side.reads);
  return {
    golden: gone === 'ignore' || !isRead ? golden : { ...golden, state: 'gone' },
    links: new Map(links).set(connectionId, { ...rest, state: 'gone', goneAt: noticedAt }),
  };
}

/** Connections where a record that is gone is to be archived too, once nothing else is under way there. */
export function dueArchives({ golden, links }: SyncedRecord, { gone, sides }: SyncRules): string[] {
  if (golden.state === 'live' || gone !== 'archive') return [];
  return sides.filter(({ connectionId, writes }) => {
    const link = links.get(connectionId);
    return writes && link?.state === 'linked' && link.externalId !== undefined && wasRead(link) && !link.pending && !(link.refusal && isOfArchiving(link.refusal));
  }).map(({ connectionId }) => connectionId);
}

/** What others have gone into may be somebody else's by right: that is known when it is read. */
export function wasRead({ modifiedAt, toldAt }: RecordLink): boolean {
  return modifiedAt !== undefined || toldAt !== undefined;
}

/** A refused write holds no archiving up. */
function isOfArchiving({ fields, associate, dissociate }: Refusal): boolean {
  return Object.keys(fields).length + associate.length + dissociate.length === 0;
}
