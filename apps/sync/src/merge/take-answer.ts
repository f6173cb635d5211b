import type { WriteResult } from '@crossdock/contracts';
import { isSame, newLink, type PendingWrite, type RecordLink, type SeenField, type SyncedRecord } from './synced-record.ts';
import { mayBeFormOf } from './vendor-form.ts';

/** What an account's answer to a write came to. */
export interface TakenAnswer {
  readonly record: SyncedRecord;
  /** What the account holds now cannot be told from the answer: the record is to be read. */
  readonly mustLook: boolean;
  /** The id of a record that the write made beside one that was told meanwhile: it is one too many. */
  readonly superfluous?: string;
}

/** Takes over what became of the write that is under way for an account. The answer to any other one changes nothing. */
export function takeAnswer({ golden, links }: SyncedRecord, connectionId: string, requestId: string, result: WriteResult, answeredAt: string): TakenAnswer {
  const link = links.get(connectionId);
  if (link?.pending?.requestId !== requestId) return { record: { golden, links }, mustLook: false };
  const { pending, refusal: _, ...rest } = link;
  if (result.outcome === 'written' && result.created && link.externalId !== undefined && link.externalId !== result.externalId) {
    return { record: { golden, links: new Map(links).set(connectionId, rest) }, mustLook: true, superfluous: result.externalId };
  }
  const { link: answered, mustLook } = answeredLink(rest, pending, result, answeredAt);
  // It came back elsewhere while it was archived here: it is made again.
  const isWanted = result.outcome === 'archived' && golden.state === 'live';
  return { record: { golden, links: new Map(links).set(connectionId, isWanted ? newLink(connectionId) : answered) }, mustLook };
}

function answeredLink(link: Omit<RecordLink, 'pending' | 'refusal'>, pending: PendingWrite, result: WriteResult, answeredAt: string): { link: RecordLink; mustLook: boolean } {
  switch (result.outcome) {
    case 'archived':
      return { link: { ...link, state: 'gone', goneAt: answeredAt }, mustLook: false };
    case 'refused': {
      const { kind, message, field } = result;
      const { fields, associate, dissociate } = pending;
      const refusal = { kind, message, fields, associate, dissociate, ...(field !== undefined && { field }) };
      return { link: { ...link, refusal }, mustLook: kind === 'not_found' };
    }
    case 'written': {
      const { externalId, modifiedAt, kept, keptAs = {} } = result;
      const written: RecordLink = {
        ...link,
        externalId,
        unkept: [...new Set([...link.unkept, ...Object.keys(pending.fields).filter((name) => !kept.includes(name))])],
      };
      if (pending.isOvertaken && !isNewerThanTold(link, pending, result)) return { link: written, mustLook: true };
      const seen: Record<string, SeenField> = { ...link.seen };
      for (const name of kept) {
        const value = pending.fields[name];
        if (value === undefined) continue;
        const theirs = keptAs[name];
        seen[name] = { theirs: theirs === undefined ? value : theirs, ours: value, replaced: link.seen[name]?.theirs ?? null };
      }
      const associations = [...new Set([...link.associations.filter((id) => !pending.dissociate.includes(id)), ...pending.associate])].sort();
      return {
        link: { ...written, seen, associations, ...(modifiedAt !== undefined && { modifiedAt, written: { at: modifiedAt, fields: kept } }) },
        mustLook: false,
      };
    }
  }
}

/**
 * Whether an answer tells more of the account than what was told of it while it was written to. Of the same time they are where what was told is the write itself, or
 * where the vendor's clock does not tell it from a change just before or after; then it is the write unless it holds what nobody wrote here.
 */
function isNewerThanTold(link: Pick<RecordLink, 'modifiedAt' | 'seen'>, { fields }: PendingWrite, { modifiedAt, kept, keptAs = {} }: Extract<WriteResult, { outcome: 'written' }>): boolean {
  if (modifiedAt === undefined || link.modifiedAt === undefined) return false;
  if (modifiedAt !== link.modifiedAt) return modifiedAt > link.modifiedAt;
  return kept.every((name) => {
    const [told, written] = [link.seen[name]?.theirs ?? null, keptAs[name] ?? fields[name] ?? null];
    return isSame(told, written) || mayBeFormOf(written, told);
  });
}
