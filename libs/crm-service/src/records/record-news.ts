/** What was last told of a record. */
export interface ToldRecord {
  readonly externalId: string;
  readonly modifiedAt: Date;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly gone: 'archived' | 'merged' | null;
  readonly mergedInto: string | null;
  /** When the call began that showed it so. */
  readonly seenAt: Date;
  /** The complete reading in whose course it was last told. */
  readonly scanId: string | null;
  /** How often it was told. */
  readonly told: number;
}

/**
 * How a record came to be seen. `list`: among what has changed, which a vendor's index may tell late. `scan`: in a complete
 * reading. `read`: by its id, just now. `wanted`: the same, and whoever wants it is to hear of it in any case.
 */
export type SeenBy =
  | { readonly by: 'list' }
  | { readonly by: 'read' | 'wanted' }
  | { readonly by: 'scan'; readonly scanId: string; readonly isRead: boolean };

/** `verify`: a list contradicts what was told, or is behind it, so that the record itself is to be read. */
export type Verdict = 'tell' | 'keep_silent' | 'verify';

/** What to do about a record that was seen. */
export function verdictOnState(
  known: ToldRecord | undefined, { modifiedAt, digest, at }: { readonly modifiedAt: string; readonly digest: string; readonly at: Date }, seenBy: SeenBy,
): Verdict {
  if (known === undefined || seenBy.by === 'wanted') return 'tell';
  const isRead = seenBy.by === 'read' || (seenBy.by === 'scan' && seenBy.isRead);
  if (known.gone !== null) {
    if (!isRead) return 'verify';
    return at > known.seenAt ? 'tell' : 'keep_silent';
  }
  const age = Date.parse(modifiedAt) - known.modifiedAt.getTime();
  const isNews = age > 0 || (age === 0 && digest !== known.digest);
  if (seenBy.by === 'scan' && seenBy.scanId !== known.scanId) return age >= 0 || isRead ? 'tell' : 'verify';
  return isNews ? 'tell' : 'keep_silent';
}

/** What to do about a record of which the vendor says that it is no more. */
export function verdictOnGone(
  known: ToldRecord | undefined, { gone, mergedInto }: { readonly gone: 'archived' | 'merged'; readonly mergedInto?: string }, seenBy: SeenBy,
): Verdict {
  if (seenBy.by === 'wanted') return 'tell';
  // What nobody was told of need not be taken back; a change that only now comes to light is told.
  if (known === undefined) return seenBy.by === 'scan' ? 'keep_silent' : 'tell';
  if (known.gone !== null) return known.gone === gone && (known.mergedInto ?? undefined) === mergedInto ? 'keep_silent' : 'tell';
  const isRead = seenBy.by === 'read' || (seenBy.by === 'scan' && seenBy.isRead);
  return isRead ? 'tell' : 'verify';
}
