import type { CrmObject, CrmRef, FieldValue } from '@crossdock/contracts';

/** Who last set a field, and when by that vendor's clock. */
export interface FieldOrigin {
  /** Or the lead that replaced it. */
  readonly connectionId: string;
  readonly at: string;
}

/** A field in which two places differ, until a person decides. */
export interface HeldField {
  readonly theirs: FieldValue;
  readonly since: string;
}

/** What all accounts are to hold of one person, company or deal. */
export interface GoldenRecord {
  readonly id: string;
  readonly object: CrmObject;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly origins: Readonly<Record<string, FieldOrigin>>;
  /** Ids of the golden records that it names, sorted. */
  readonly associations: readonly string[];
  /** `gone`: it is kept in step no more. */
  readonly state: 'live' | 'gone';
  readonly mergedInto?: string;
}

/**
 * What is known of one field at an account: what it holds there, and the golden value that this stands for. The two differ
 * where the vendor keeps a value in a form of its own.
 */
export interface SeenField {
  readonly theirs: FieldValue;
  readonly ours: FieldValue;
  /** What it held there before our last write: a vendor that holds it still does not keep ours. */
  readonly replaced?: FieldValue | undefined;
}

/** A write that was asked for and not answered yet. */
export interface PendingWrite {
  readonly requestId: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly associate: readonly string[];
  readonly dissociate: readonly string[];
  /** Something was told of the record since. */
  readonly isOvertaken: boolean;
}

/** Why the account did not take the last write; the same write is not tried again by itself. */
export interface Refusal {
  readonly kind: string;
  readonly message: string;
  readonly field?: string;
  /** What was refused. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly associate: readonly string[];
  readonly dissociate: readonly string[];
}

/** A golden record's counterpart in one account. */
export interface RecordLink {
  readonly connectionId: string;
  /** Absent until it was created there. */
  readonly externalId?: string;
  /** `gone`: it was archived there, or merged into another one. */
  readonly state: 'linked' | 'gone';
  /** When the hub last read it there. */
  readonly toldAt?: string;
  /** When the hub learned that it is gone there. */
  readonly goneAt?: string;
  /** The newest time that the vendor has told for it. */
  readonly modifiedAt?: string;
  /** What our last write changed, and when by the vendor's clock, until it has told what came of that. */
  readonly written?: { readonly at: string; readonly fields: readonly string[] };
  readonly seen: Readonly<Record<string, SeenField>>;
  readonly held: Readonly<Record<string, HeldField>>;
  /** Ids of the golden records that it names there, sorted. */
  readonly associations: readonly string[];
  /** Records that it names there and that have no golden record yet. */
  readonly unknownAssociations: readonly CrmRef[];
  /** Fields that the account's mapping does not keep. */
  readonly unkept: readonly string[];
  readonly pending?: PendingWrite;
  readonly refusal?: Refusal;
}

/** A golden record with its links, one a connection at most. */
export interface SyncedRecord {
  readonly golden: GoldenRecord;
  readonly links: ReadonlyMap<string, RecordLink>;
}

export function newLink(connectionId: string): RecordLink {
  return { connectionId, state: 'linked', seen: {}, held: {}, associations: [], unknownAssociations: [], unkept: [] };
}

export function isSame(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  return JSON.stringify(canonicalOf(one)) === JSON.stringify(canonicalOf(other));
}

function canonicalOf(value: FieldValue | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return [...value].sort();
  return typeof value === 'object' && 'amountMinor' in value ? [value.amountMinor, value.currency] : value;
}
