import type { WriteResult } from '@crossdock/contracts';
import type { PendingWrite, RecordLink, SeenField, SyncedRecord } from './synced-record.ts';

/** What an account's answer to a write came to. */
export interface TakenAnswer {
  readonly record: SyncedRecord;
  /** What the account holds now cannot be told from the answer: the record is to be read. */
  readonly mustLook: boolean;
}

/** Takes over what became of the write that is under way for an account. The answer to any other one changes nothing. */
export function takeAnswer({ golden, links }: SyncedRecord, connectionId: string, requestId: string, result: WriteResult): TakenAnswer {
  const link = links.get(connectionId);
  if (link?.pending?.requestId !== requestId) return { record: { golden, links }, mustLook: false };
  const { pending, refusal: _, ...rest } = link;
  const { link: answered, mustLook } = answeredLink(rest, pending, result);
  return { record: { golden, links: new Map(links).set(connectionId, answered) }, mustLook };
}

function answeredLink(link: Omit<RecordLink, 'pending' | 'refusal'>, pending: PendingWrite, result: WriteResult): { link: RecordLink; mustLook: boolean } {
  switch (result.outcome) {
    case 'archived':
      return { link: { ...link, state: 'gone' }, mustLook: false };
    case 'refused': {
      const { kind, message, field } = result;
      const refusal = { kind, message, fields: pending.fields, ...(field !== undefined && { field }) };
      return { link: { ...link, refusal }, mustLook: kind === 'not_found' };
    }
    case 'written': {
      const { externalId, modifiedAt, kept } = result;
      const written: RecordLink = {
        ...link,
        externalId,
        unkept: [...new Set([...link.unkept, ...Object.keys(pending.fields).filter((name) => !kept.includes(name))])],
      };
      const isOlderThanTold = pending.isOvertaken && !(modifiedAt !== undefined && link.modifiedAt !== undefined && modifiedAt >= link.modifiedAt);
      if (isOlderThanTold) return { link: written, mustLook: true };
      const seen: Record<string, SeenField> = { ...link.seen };
      for (const name of kept) {
        const value = pending.fields[name];
        if (value !== undefined) seen[name] = { theirs: value, ours: value };
      }
      const associations = [...new Set([...link.associations.filter((id) => !pending.dissociate.includes(id)), ...pending.associate])].sort();
      return {
        link: { ...written, seen, associations, ...(modifiedAt !== undefined && { modifiedAt, written: { at: modifiedAt, fields: kept } }) },
        mustLook: false,
      };
    }
  }
}
