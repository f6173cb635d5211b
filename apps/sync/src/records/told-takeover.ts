import { deterministicId, type CrmRef } from '@crossdock/contracts';
import { validate as isUuid } from 'uuid';
import { newLink, type SyncedRecord } from '../merge/synced-record.ts';
import { takeState } from '../merge/take-state.ts';
import type { Drift } from '../runs/scan.repository.ts';
import type { Sync } from '../syncs/sync.repository.ts';
import { identityOf, type ScannedAt, type StoredRecord } from './synced-record.repository.ts';
import type { ToldRecord } from './told-record.ts';

/** What a told record came to; nothing of it is stored yet. */
export interface Takeover {
  readonly told: ToldRecord;
  readonly before: StoredRecord | undefined;
  readonly after: StoredRecord;
  readonly outcome: 'taken' | 'stale';
  /** Whether the golden record had no such counterpart before. */
  readonly isNew: boolean;
  /** Fields that began to wait for a person. */
  readonly newlyHeld: number;
  readonly scanned: ScannedAt | undefined;
  /** How a complete reading found the record other than it was known. */
  readonly drift: readonly Drift[];
}

/** @param named what the told associations are: golden records, sorted by their ids, and records that have none yet. */
export function takeOver(
  told: ToldRecord, sync: Sync, { before, newId }: { readonly before: StoredRecord | undefined; readonly newId: string },
  named: { readonly known: readonly string[]; readonly unknown: readonly CrmRef[] },
): Takeover {
  const { source: { connectionId, externalId }, modifiedAt, toldAt, fields, scanId } = told;
  const state = { connectionId, externalId, modifiedAt, toldAt, fields, associations: named.known, unknownAssociations: named.unknown };
  const { record, outcome, changed } = takeState(before ?? newRecord(newId, sync, told), state, sync.rules);
  const linkBefore = before?.links.get(connectionId);
  const isNew = linkBefore?.externalId !== externalId;
  return {
    told, before, outcome, isNew,
    after: { ...record, syncId: sync.id },
    newlyHeld: heldAt(record, connectionId) - heldAt(before, connectionId),
    scanned: scanId === undefined ? undefined : { connectionId, scanId },
    drift: scanId === undefined || isNew || outcome !== 'taken' ? [] : changed.map((field) => ({
      field, expected: linkBefore.seen[field]?.theirs ?? null, found: fields[field] ?? null,
    })),
  };
}

/** What nobody else may take over meanwhile: the person or company, or else the account's record. */
export function lockKeyOf({ object, source, fields }: ToldRecord): string {
  return identityOf(object, fields) ?? `${source.connectionId}/${source.externalId}`;
}

/**
 * Ids that a golden record of this one has: the key that the hub left there, where its creation has been asked for or was carried
 * out, and one that follows from where the record stands. So a sync that is made anew finds what an earlier one had created.
 */
export function ownIdsOf(told: ToldRecord): string[] {
  const [{ object, source }, key] = [told, keyOf(told)];
  const own = deterministicId('golden', source.connectionId, object, source.externalId);
  return key === undefined ? [own] : [key, own];
}

/** The golden record that the hub made or wrote this one for, as the account keeps it. */
export function keyOf({ externalKey }: ToldRecord): string | undefined {
  return externalKey !== undefined && isUuid(externalKey) ? externalKey.toLowerCase() : undefined;
}

export function isLinkedAt({ links }: SyncedRecord, connectionId: string): boolean {
  const link = links.get(connectionId);
  return link?.externalId !== undefined && link.state === 'linked';
}

function heldAt(record: SyncedRecord | undefined, connectionId: string): number {
  return Object.keys(record?.links.get(connectionId)?.held ?? {}).length;
}

function newRecord(id: string, sync: Sync, { object, source }: ToldRecord): StoredRecord {
  return {
    syncId: sync.id,
    golden: { id, object, fields: {}, origins: {}, associations: [], state: 'live' },
    links: new Map([[source.connectionId, newLink(source.connectionId)]]),
  };
}
