import type { CrmRef, FieldValue } from '@crossdock/contracts';
import { isBackward, stageField } from './lifecycle-stage.ts';
import type { SyncRules } from './sync-rules.ts';
import { isSame, newLink, type FieldOrigin, type GoldenRecord, type RecordLink, type SeenField, type SyncedRecord } from './synced-record.ts';
import { mayBeFormOf } from './vendor-form.ts';

/** A record as one account tells it, in canonical form. */
export interface ToldState {
  readonly connectionId: string;
  readonly externalId: string;
  readonly modifiedAt: string;
  /** When the hub read it there. */
  readonly toldAt: string;
  /** Canonical fields that the account's mapping reads; null where it is empty. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Ids of the golden records that it names there, sorted. */
  readonly associations: readonly string[];
  readonly unknownAssociations: readonly CrmRef[];
}

/** What a told state came to. */
export interface TakenState {
  readonly record: SyncedRecord;
  /** `stale`: something newer was told before, and nothing has changed. */
  readonly outcome: 'taken' | 'stale';
  /** Fields in which the account differed from what was known of it. */
  readonly changed: readonly string[];
}

/**
 * Takes over what an account tells of a record. A field counts as changed there where it differs from what was last seen or
 * written there, so that the hub's own write, told back, is no news. What the vendor may have made of our value in the very change
 * that our write was is its form of it, the first time it is told, and no news either.
 */
export function takeState({ golden, links }: SyncedRecord, told: ToldState, rules: SyncRules): TakenState {
  const link = links.get(told.connectionId) ?? newLink(told.connectionId);
  if (isOvertaken(link, told)) return { record: { golden, links }, outcome: 'stale', changed: [] };

  const merge = new FieldMerge(golden, link, told, rules);
  for (const [name, theirs] of Object.entries(told.fields)) merge.take(name, theirs);
  const associations = mergeSet(golden.associations, link.associations, told.associations);
  const isRead = rules.sides.some(({ connectionId, reads }) => connectionId === told.connectionId && reads);
  const { written: _, goneAt, ...known } = link;
  const isBack = goneAt !== undefined && isRead;
  const isGoldenTouched = merge.isGoldenTouched || isBack || (isRead && !isSame(associations, [...golden.associations]));
  const newestLink: RecordLink = {
    ...known,
    externalId: told.externalId,
    state: 'linked',
    modifiedAt: told.modifiedAt,
    toldAt: told.toldAt,
    seen: merge.seen,
    held: merge.held,
    associations: told.associations,
    unknownAssociations: told.unknownAssociations,
    unkept: link.unkept.filter((name) => !(name in told.fields)),
    ...(link.pending && { pending: { ...link.pending, isOvertaken: true } }),
  };
  return {
    record: {
      // The very same where nothing of it has changed: then it is not written.
      golden: isGoldenTouched ? { ...(isBack ? restored(golden) : golden), fields: merge.fields, origins: merge.origins, ...(isRead && { associations }) } : golden,
      links: new Map(isBack ? withoutGone(links) : links).set(told.connectionId, newestLink),
    },
    outcome: 'taken',
    changed: merge.changed,
  };
}

/** Of one time at the vendor, which some tell by the second, what was read later is newer. */
function isOvertaken(link: RecordLink, told: ToldState): boolean {
  if (link.goneAt !== undefined && told.toldAt <= link.goneAt) return true;
  if (link.modifiedAt === undefined || told.modifiedAt > link.modifiedAt) return false;
  return told.modifiedAt < link.modifiedAt || (link.toldAt !== undefined && told.toldAt < link.toldAt);
}

function restored({ mergedInto: _, ...golden }: GoldenRecord): GoldenRecord {
  return { ...golden, state: 'live' };
}

/** Where a record that came back is gone, it is made again. */
function withoutGone(links: SyncedRecord['links']): SyncedRecord['links'] {
  return new Map([...links].map(([connectionId, link]) => [connectionId, link.state === 'gone' ? newLink(connectionId) : link]));
}

/** Goes through the fields of one told state. */
class FieldMerge {
  readonly fields: Record<string, FieldValue>;
  readonly origins: Record<string, FieldOrigin>;
  readonly seen: Record<string, SeenField>;
  held: RecordLink['held'];
  readonly changed: string[] = [];
  /** Whether a value of theirs has become that of the golden record. */
  isGoldenTouched = false;
  readonly #link: RecordLink;
  readonly #told: ToldState;
  readonly #rules: SyncRules;
  readonly #rank: (connectionId: string) => number;

  constructor(golden: GoldenRecord, link: RecordLink, told: ToldState, rules: SyncRules) {
    this.fields = { ...golden.fields };
    this.origins = { ...golden.origins };
    this.seen = { ...link.seen };
    this.held = link.held;
    this.#link = link;
    this.#told = told;
    this.#rules = rules;
    const ranks = new Map(rules.sides.map(({ connectionId }, index) => [connectionId, index]));
    this.#rank = (connectionId) => ranks.get(connectionId) ?? ranks.size;
  }

  take(name: string, theirs: FieldValue): void {
    const before = this.#link.seen[name];
    if (before && isSame(before.theirs, theirs)) return;
    const { written } = this.#link;
    if (before && written?.fields.includes(name) && this.#told.modifiedAt === written.at && isOurWrite(before, theirs)) {
      this.seen[name] = { theirs, ours: before.ours };
      return;
    }
    this.seen[name] = { theirs, ours: theirs };
    this.held = withoutField(this.held, name);
    if (this.#isBeingWritten(name, theirs)) return;
    if (before || theirs !== null) this.changed.push(name);
    switch (this.#verdict(name, theirs, before)) {
      case 'theirs':
        this.isGoldenTouched = true;
        this.fields[name] = theirs;
        this.origins[name] = { connectionId: this.#told.connectionId, at: this.#told.modifiedAt };
        break;
      case 'held':
        this.held = { ...this.held, [name]: { theirs, since: this.#told.modifiedAt } };
        break;
      case 'ours':
    }
  }

  /** A write of ours that was carried out and not answered yet is no difference, and no word against what was said elsewhere meanwhile. */
  #isBeingWritten(name: string, theirs: FieldValue): boolean {
    const fields = this.#link.pending?.fields ?? {};
    return name in fields && isSame(fields[name], theirs);
  }

  /** Whose value counts: theirs, ours, or nobody's until a person decides. */
  #verdict(name: string, theirs: FieldValue, before: SeenField | undefined): 'theirs' | 'ours' | 'held' {
    const side = this.#rules.sides.find(({ connectionId }) => connectionId === this.#told.connectionId);
    if (!side?.reads) return 'ours';
    const ours = this.fields[name] ?? null;
    if (isSame(ours, theirs)) return 'ours';
    const authority = this.#rules.authority[name];
    if (authority !== undefined) return authority === this.#told.connectionId ? 'theirs' : 'ours';
    // A field that is empty where the record is met for the first time was not emptied: it was never filled.
    if (!before) return theirs === null ? 'ours' : ours === null ? 'theirs' : this.#settle(name, ours, theirs);
    const isChangedElsewhere = !isSame(ours, before.ours);
    return isChangedElsewhere ? this.#settle(name, ours, theirs) : 'theirs';
  }

  #settle(name: string, ours: FieldValue, theirs: FieldValue): 'theirs' | 'ours' | 'held' {
    // Who moves a person back from the stage that the hub has means it; who did not know of that stage does not.
    if (name === stageField) return isBackward(ours, theirs) ? 'ours' : 'theirs';
    const origin = this.origins[name];
    if (!origin || origin.connectionId === this.#told.connectionId) return 'theirs';
    const isFirst = this.#rank(this.#told.connectionId) < this.#rank(origin.connectionId);
    switch (this.#rules.conflicts) {
      case 'ask': return 'held';
      case 'source_wins': return isFirst ? 'theirs' : 'ours';
      case 'latest_wins': return this.#told.modifiedAt > origin.at || (this.#told.modifiedAt === origin.at && isFirst) ? 'theirs' : 'ours';
    }
  }
}

/** Vendors whose times are whole seconds tell a person's change by the time of a write of ours. */
function isOurWrite({ ours, replaced }: SeenField, theirs: FieldValue): boolean {
  return mayBeFormOf(ours, theirs) || (replaced !== undefined && isSame(replaced, theirs));
}

function withoutField(held: RecordLink['held'], name: string): RecordLink['held'] {
  return Object.fromEntries(Object.entries(held).filter(([each]) => each !== name));
}

/** What was added and removed there since it was last seen is added and removed here. */
function mergeSet(ours: readonly string[], before: readonly string[], theirs: readonly string[]): string[] {
  const removed = new Set(before.filter((id) => !theirs.includes(id)));
  return [...new Set([...ours.filter((id) => !removed.has(id)), ...theirs])].sort();
}
