import { newLink, type RecordLink, type SyncedRecord } from './synced-record.ts';

/**
 * The record with what its counterpart in an account has become by a merge there. What was known of the former one is what the
 * new one is compared with, so that the merge counts as a change of the account; whatever is told of it next is taken.
 */
export function linkedTo({ golden, links }: SyncedRecord, connectionId: string, externalId: string): SyncedRecord {
  const link = links.get(connectionId) ?? newLink(connectionId);
  const { seen, held, associations, unknownAssociations, unkept } = link;
  const renamed: RecordLink = { connectionId, externalId, state: 'linked', seen, held, associations, unknownAssociations, unkept };
  return { golden, links: new Map(links).set(connectionId, renamed) };
}

/** Whether the record is kept in step and stands in the account. */
export function isLivingAt({ golden, links }: SyncedRecord, connectionId: string): boolean {
  const link = links.get(connectionId);
  return golden.state === 'live' && link?.state === 'linked' && link.externalId !== undefined;
}
