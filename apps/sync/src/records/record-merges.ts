import type { CrmRef, EventData, recordGone } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newLink, type RecordLink } from '../merge/synced-record.ts';
import { takeGone, wasRead } from '../merge/take-gone.ts';
import { isLivingAt, linkedTo } from '../merge/take-merged.ts';
import type { Sync } from '../syncs/sync.repository.ts';
import { DueRequests } from './due-requests.ts';
import { rememberGone } from './gone-record.repository.ts';
import { replaceAssociation } from './record-associations.ts';
import { claimRecord, claimRecords, findHeirs, findLinked, findLinkedAmong, moveLinks, saveRecord, type StoredRecord } from './synced-record.repository.ts';
import type { ToldRecord } from './told-record.ts';
import { keyOf } from './told-takeover.ts';
import { WaitingRecords } from './waiting-records.ts';

/** Where and when the hub heard that records were merged. */
interface Merging {
  readonly connectionId: string;
  /** The record that is left. */
  readonly externalId: string;
  readonly at: string;
}

/**
 * Takes over that records were merged in an account. One golden record goes on with what is left there and keeps its counterparts;
 * the others end in it, and it gets from them only the counterparts that it lacks. What a vendor makes of a merge, and in which
 * order it is heard, makes no difference.
 */
@Injectable()
export class RecordMerges {
  constructor(private readonly requests: DueRequests, private readonly waiting: WaitingRecords) {}

  /**
   * A record is told that others have gone into: it takes the place of theirs. The golden record whose key it keeps goes on, so it is
   * the one that the vendor prefers; that it was made for that one may be known by nothing but the key.
   */
  async unite(manager: EntityManager, sync: Sync, told: ToldRecord): Promise<void> {
    const { object, source: { connectionId, externalId }, mergedFrom = [], toldAt } = told;
    const key = keyOf(told);
    if (mergedFrom.length === 0 && key === undefined) return;
    const linkedIds = await findLinkedAmong(manager, connectionId, object, [externalId, ...mergedFrom]);
    if (linkedIds.length === 0 || (mergedFrom.length === 0 && linkedIds[0] === key)) return;
    const claimed = await claimRecords(manager, key === undefined ? linkedIds : [...linkedIds, key]);
    const records = claimed.filter(({ syncId }) => syncId === sync.id);
    const holder = records.find(({ links }) => links.get(connectionId)?.externalId === externalId);
    const there = holder?.links.get(connectionId);
    // Without a word of the vendor, only one that was bound to it when its own went into it gives way.
    if (mergedFrom.length === 0 && (!there || wasRead(there))) return;
    if (there?.goneAt !== undefined && toldAt <= there.goneAt) return;
    const living = records.filter((record) => isLivingAt(record, connectionId) || isToStandAt(record, connectionId, key));
    const winner = living.find(({ golden }) => golden.id === key) ?? living.find((record) => record === holder) ?? living[0];
    if (!winner) return;
    const merging = { connectionId, externalId, at: toldAt };
    for (const record of records) {
      if (record === winner) continue;
      if (living.includes(record)) await this.#end(manager, record, winner.golden.id, merging, sync);
      else if (record === holder) await saveRecord(manager, record, withGone(record, merging));
    }
    const former = winner.links.get(connectionId)?.externalId;
    if (former === externalId) return;
    await this.#link(manager, winner, { ...merging, former });
  }

  /** An account says that a record was merged into another one. @param parties its golden record, then those that `findOwners` names */
  async take(
    manager: EntityManager, [before, ...others]: readonly StoredRecord[],
    { connectionId, vendor, object, externalId: former, noticedAt: at }: EventData<typeof recordGone>, mergedInto: string, sync: Sync,
  ): Promise<void> {
    if (!before) return;
    const merging = { connectionId, externalId: mergedInto, at, former };
    const into = others.find(({ links }) => links.get(connectionId)?.externalId === mergedInto);
    if (!into) {
      await this.#link(manager, before, merging);
      await this.requests.requestLook(manager, { connectionId, vendor }, object, [mergedInto]);
      return;
    }
    const heir = isLivingAt(into, connectionId) ? into : heirOf(into, [before, ...others]);
    if (heir?.golden.id === before.golden.id) {
      await this.#takeBack(manager, before, into, merging, sync);
    } else if (heir?.golden.state === 'live' && sync.rules.gone !== 'ignore') {
      await this.#end(manager, before, heir.golden.id, merging, sync);
    } else {
      const gone = { ...before, ...takeGone(before, connectionId, at, sync.rules) };
      await saveRecord(manager, before, await this.requests.requestDue(manager, gone, sync));
    }
  }

  /**
   * A record was made for a golden record. Where another one goes on with it already, because its own was merged into it before
   * anybody knew for whom it was made, that one ends in this one. @returns whether it was so
   */
  async claimMade(manager: EntityManager, goldenId: string, { object, ...merging }: Merging & CrmRef, sync: Sync): Promise<boolean> {
    const { connectionId, externalId } = merging;
    const ownerId = await findLinked(manager, connectionId, { object, externalId });
    const owner = ownerId === undefined || ownerId === goldenId ? undefined : await claimRecord(manager, ownerId);
    if (!owner) return false;
    if (isLivingAt(owner, connectionId)) await this.#end(manager, owner, goldenId, merging, sync);
    else await saveRecord(manager, owner, withGone(owner, merging));
    return true;
  }

  /** A golden record goes on with another record of the account. */
  async #link(manager: EntityManager, record: StoredRecord, { connectionId, externalId, former, at }: Merging & { readonly former: string | undefined }): Promise<void> {
    const { golden: { id, object } } = record;
    if (former !== undefined) await rememberGone(manager, { connectionId, object, externalId: former, noticedAt: at });
    await saveRecord(manager, record, { ...record, ...linkedTo(record, connectionId, externalId) });
    await this.waiting.settleNaming(manager, connectionId, { goldenId: id, ref: { object, externalId } });
  }

  /** Ends a golden record in another one: its counterparts go there where that one has none, and follow the policy for what is gone otherwise. */
  async #end(manager: EntityManager, loser: StoredRecord, winnerId: string, merging: Merging, sync: Sync): Promise<void> {
    const { golden: { id: loserId, object } } = loser;
    const gone = withGone(loser, merging);
    const isRead = sync.rules.sides.some((side) => side.connectionId === merging.connectionId && side.reads);
    if (sync.rules.gone === 'ignore' || !isRead) {
      await saveRecord(manager, loser, gone);
      return;
    }
    await saveRecord(manager, loser, { ...gone, golden: { ...loser.golden, state: 'gone', mergedInto: winnerId } });
    const moved = await moveLinks(manager, loserId, winnerId);
    for (const { connectionId, externalId } of moved) {
      const side = sync.rules.sides.find((each) => each.connectionId === connectionId);
      if (side) await this.requests.requestLook(manager, side, object, [externalId]);
    }
    const named = await replaceAssociation(manager, loserId, winnerId, [merging.connectionId, ...moved.map(({ connectionId }) => connectionId)]);
    await this.waiting.settle(manager, named);
    const left = await claimRecord(manager, loserId);
    if (left) await saveRecord(manager, left, await this.requests.requestDue(manager, left, sync));
  }

  /**
   * Merges crossed: the record that is left here belonged to a golden record that ended in this one because of a merge elsewhere.
   * It is taken over, unless it is being archived already: then this one is made anew.
   */
  async #takeBack(manager: EntityManager, before: StoredRecord, into: StoredRecord, merging: Merging & { readonly former: string }, sync: Sync): Promise<void> {
    const { connectionId, externalId, former, at } = merging;
    const link = into.links.get(connectionId);
    if (link?.state === 'linked' && !link.pending) {
      await saveRecord(manager, into, withGone(into, merging));
      await this.#link(manager, before, merging);
      const side = sync.rules.sides.find((each) => each.connectionId === connectionId);
      if (side) await this.requests.requestLook(manager, side, before.golden.object, [externalId]);
      return;
    }
    await rememberGone(manager, { connectionId, object: before.golden.object, externalId: former, noticedAt: at });
    const anew = { ...before, links: new Map(before.links).set(connectionId, newLink(connectionId)) };
    await saveRecord(manager, before, await this.requests.requestDue(manager, anew, sync));
  }
}

/** The golden record that has this record of an account, and those in which it has ended. */
export async function findOwners(manager: EntityManager, connectionId: string, ref: CrmRef): Promise<string[]> {
  const ownerId = await findLinked(manager, connectionId, ref);
  return ownerId === undefined ? [] : findHeirs(manager, ownerId);
}

/** Whether it is being made there: the record that keeps its key is the one that was made. */
function isToStandAt({ golden, links }: StoredRecord, connectionId: string, key: string | undefined): boolean {
  const link = links.get(connectionId);
  return golden.id === key && golden.state === 'live' && link?.state !== 'gone' && link?.externalId === undefined;
}

/** The last record in which this one has ended; none where it did not end in another one. */
function heirOf({ golden: { mergedInto } }: StoredRecord, claimed: readonly StoredRecord[]): StoredRecord | undefined {
  const next = claimed.find(({ golden }) => golden.id === mergedInto);
  return next?.golden.state === 'gone' ? heirOf(next, claimed) : next;
}

/** Without its counterpart in the account, of which it keeps the id unless another record has that now. */
function withGone(record: StoredRecord, { connectionId, externalId: taken, at }: Merging): StoredRecord {
  const { pending: _, externalId, ...rest } = record.links.get(connectionId) ?? newLink(connectionId);
  const gone: RecordLink = { ...rest, state: 'gone', goneAt: at, ...(externalId !== undefined && externalId !== taken && { externalId }) };
  return { ...record, links: new Map(record.links).set(connectionId, gone) };
}
