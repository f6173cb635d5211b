import type { CrmObject, FieldValue, ObjectDescription } from '@crossdock/contracts';

/** A record at the vendor. */
export interface RecordRef {
  readonly object: CrmObject;
  /** Its id at the vendor. */
  readonly id: string;
}

/** Which fields of which records a call is about, with what the account says of them. */
export interface FieldSelection {
  readonly description: ObjectDescription;
  /** Names of fields in the description. */
  readonly fieldNames: readonly string[];
  /** What the records name is not asked for: a connector that would have to make calls for that leaves it out. */
  readonly withoutAssociations?: true;
}

/** A record as the vendor has it now. */
export interface CrmRecord extends RecordRef {
  /** When the vendor says it was last changed, ISO 8601 in UTC with milliseconds. */
  readonly modifiedAt: string;
  /** The hub's key that the vendor keeps on it. */
  readonly key?: string;
  /** Ids of the records that have gone into it, where the vendor makes a new one of those that are merged; each of them is told as gone, too. */
  readonly mergedFrom?: readonly string[];
  /** The fields that were selected, each in the form of its type. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The records it names: a contact its companies, a deal its contacts and companies, sorted by object and id. */
  readonly associations: readonly RecordRef[];
}

/** A record that is no more. */
export interface GoneRecord extends RecordRef {
  readonly gone: 'archived' | 'merged';
  /** Where it was merged into another one, that one's id. */
  readonly mergedInto?: string;
}

/** What has changed since a cursor. A record that changed twice is told once or twice; the order says nothing. */
export interface ChangePage {
  readonly records: readonly CrmRecord[];
  readonly gone: readonly GoneRecord[];
  /** Where to go on from. It is the connector's own text; it holds no personal data. */
  readonly cursor: string;
  /** More is there already; otherwise the cursor is for the next time. */
  readonly hasMore: boolean;
}

/** What shows that a record is the one that is meant, although it does not keep the key. */
export interface Likeness {
  readonly field: string;
  /** In whatever case. */
  readonly value: string;
  /** It counts of a record that keeps another key as well, which that record goes on to keep. */
  readonly anyKey?: true;
  /** It counts only of a record in which this field is empty. */
  readonly whereEmpty?: string;
}

/**
 * Which record is meant: one by its id, or the one that keeps this key. Where no record keeps the key, one without a key (or with
 * any) that shows the first of these likenesses, or else the second and so on, is given it (of several the oldest, and none twice),
 * and otherwise a record is created with it.
 */
export type WriteTarget = { readonly id: string } | { readonly key: string; readonly adoptBy?: readonly Likeness[] };

/** What a record shall hold. */
export interface RecordWrite {
  readonly target: WriteTarget;
  /** Only these are written; null empties a field. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What a record gets beside that where it is created, and one that was there already does not. */
  readonly whenCreated?: { readonly fields?: Readonly<Record<string, FieldValue>>; readonly associate?: readonly RecordRef[] };
  /** Named by the record afterwards; one that is there already is left as it is. */
  readonly associate?: readonly RecordRef[];
  /** Not named by the record afterwards. */
  readonly dissociate?: readonly RecordRef[];
}

/** The write that creates a record, where it was found that there is none. */
export function asCreation({ whenCreated: { fields, associate = [] } = {}, ...write }: RecordWrite): RecordWrite {
  return { ...write, fields: { ...fields, ...write.fields }, ...(associate.length > 0 && { associate: [...write.associate ?? [], ...associate] }) };
}

/** A write that the vendor took. */
export interface RecordWritten {
  readonly outcome: 'written';
  readonly id: string;
  readonly created: boolean;
  /** When the vendor says the write changed it, where its answer tells. */
  readonly modifiedAt?: string;
}
