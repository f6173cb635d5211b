import { randomUUID } from 'node:crypto';
import type { CrmObject, EventData, recordGone, writeCompleted, WriteResult } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { takeAnswer } from '../merge/take-answer.ts';
import { takeGone } from '../merge/take-gone.ts';
import { noteDrift, noteScanned } from '../runs/scan.repository.ts';
import { findSync, findSyncOf, type Sync } from '../syncs/sync.repository.ts';
import { DueRequests } from './due-requests.ts';
import { isKnownGone, rememberGone } from './gone-record.repository.ts';
import { resolveRefs } from './record-associations.ts';
import { findOwners, RecordMerges } from './record-merges.ts';
import { SyncMetrics } from './sync-metrics.ts';
import { claimRecord, claimRecords, findByIdentity, findLinked, forgetConflicts, identityOf, lockIdentities, saveRecord, type StoredRecord } from './synced-record.repository.ts';
import type { ToldRecord } from './told-record.ts';
import { isLinkedAt, lockKeyOf, ownIdsOf, takeOver } from './told-takeover.ts';
import { WaitingRecords } from './waiting-records.ts';

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'taken' | 'stale' | 'not_ours';

/** Keeps golden records right after all that accounts tell of their counterparts. Each method works in the caller's tenant transaction. */
@Injectable()
export class RecordSync {
  constructor(
    private readonly requests: DueRequests, private readonly merges: RecordMerges, private readonly waiting: WaitingRecords, private readonly metrics: SyncMetrics,
  ) {}

  /** An account told what it holds of a record. */
  async takeTold(manager: EntityManager, told: ToldRecord): Promise<Outcome> {
    const { connectionId, externalId } = told.source;
    const sync = await findSyncOf(manager, connectionId, told.object);
    if (!sync || sync.state === 'paused') return 'not_ours';
    await lockIdentities(manager, [{ syncId: sync.id, identity: lockKeyOf(told) }]);
    const isLinked = await findLinked(manager, connectionId, { object: told.object, externalId }) !== undefined;
    if (!isLinked && await isKnownGone(manager, { connectionId, object: told.object, externalId }, told.toldAt)) return 'stale';
    await this.merges.unite(manager, sync, told);
    const place = await this.#goldenOf(manager, sync, told);
    const { before, after, outcome, isNew, newlyHeld, scanned, drift } = takeOver(told, sync, place, await resolveRefs(manager, connectionId, told.associations));
    this.metrics.countTold(told.source.vendor, outcome, newlyHeld);
    const goldenId = after.golden.id;
    if (outcome === 'taken') {
      await saveRecord(manager, before, await this.requests.requestDue(manager, after, sync), scanned);
      if (isNew) await this.waiting.settleNaming(manager, connectionId, { goldenId, ref: { object: told.object, externalId } });
    } else if (scanned) {
      await noteScanned(manager, [goldenId], scanned);
    }
    if (scanned) await noteDrift(manager, [{ scanId: scanned.scanId, goldenId, externalId, drift }]);
    return outcome;
  }

  /** A record is no more in an account. */
  async takeGone(manager: EntityManager, news: EventData<typeof recordGone>): Promise<Outcome> {
    const { connectionId, object, externalId, mergedInto, noticedAt } = news;
    const goldenId = await findLinked(manager, connectionId, { object, externalId });
    const parties = goldenId === undefined ? [] : await claimRecords(manager, [goldenId, ...mergedInto === undefined ? [] : await findOwners(manager, connectionId, { object, externalId: mergedInto })]);
    const [before] = parties;
    const sync = before && await findSync(manager, before.syncId);
    // While it was waited for, it may have gone on with what the record was merged into.
    if (!before || !sync || before.links.get(connectionId)?.externalId !== externalId) {
      if (await findSyncOf(manager, connectionId, object)) await rememberGone(manager, { connectionId, object, externalId, noticedAt });
      return 'not_ours';
    }
    const gone = takeGone(before, connectionId, noticedAt, sync.rules);
    if (gone.links === before.links) return 'stale';
    const isRead = sync.rules.sides.some((side) => side.connectionId === connectionId && side.reads);
    if (mergedInto !== undefined && isRead && before.golden.state === 'live') await this.merges.take(manager, parties, news, mergedInto, sync);
    else await saveRecord(manager, before, await this.requests.requestDue(manager, { ...gone, syncId: sync.id }, sync));
    await this.#retryFreed(manager, before, connectionId);
    return 'taken';
  }

  /** An account answered a write. */
  async takeAnswer(
    manager: EntityManager, { connectionId, vendor, object, requestId, recordKey, result }: EventData<typeof writeCompleted>, answeredAt: string,
  ): Promise<Outcome> {
    const asked = isUuid(recordKey) ? await claimRecord(manager, recordKey) : undefined;
    const sync = asked && await findSync(manager, asked.syncId);
    if (!asked || !sync) return 'not_ours';
    if (asked.links.get(connectionId)?.pending?.requestId !== requestId) return 'stale';
    const isTakenOver = result.outcome === 'written' && result.created
      && await this.merges.claimMade(manager, recordKey, { connectionId, object, externalId: result.externalId, at: answeredAt }, sync);
    const before = isTakenOver ? await claimRecord(manager, recordKey) ?? asked : asked;
    const known = await this.#withoutOthersRecord(manager, connectionId, object, recordKey, result);
    this.metrics.countAnswer(before, { connectionId, vendor, result: known, answeredAt }, sync.rules);
    const { record, mustLook, superfluous } = takeAnswer(before, connectionId, requestId, known, answeredAt);
    const isNew = before.links.get(connectionId)?.externalId === undefined;
    const externalId = record.links.get(connectionId)?.externalId;
    await saveRecord(manager, before, await this.requests.requestDue(manager, { ...record, syncId: sync.id }, sync));
    if (result.outcome === 'archived') await this.#retryFreed(manager, before, connectionId);
    if (superfluous !== undefined) await this.requests.requestArchive(manager, { connectionId, vendor }, record.golden, superfluous);
    // It may have been gone, or become another one, before anybody knew that it was made for this one.
    const isGone = isNew && externalId !== undefined && await isKnownGone(manager, { connectionId, object, externalId });
    if ((mustLook || isGone || isTakenOver) && externalId !== undefined) await this.requests.requestLook(manager, { connectionId, vendor }, object, [externalId]);
    if (isNew && externalId !== undefined) await this.waiting.settleNaming(manager, connectionId, { goldenId: recordKey, ref: { object, externalId } });
    return 'taken';
  }

  /** Resolves what the record names and asks for what is due by now. */
  async settle(manager: EntityManager, goldenId: string): Promise<void> {
    const before = await claimRecord(manager, goldenId);
    const sync = before && await findSync(manager, before.syncId);
    if (!before || !sync) return;
    const links = new Map(before.links);
    const associations = new Set(before.golden.associations);
    for (const link of before.links.values()) {
      const { known, unknown } = await resolveRefs(manager, link.connectionId, link.unknownAssociations);
      if (known.length === 0) continue;
      const isRead = sync.rules.sides.some(({ connectionId, reads }) => connectionId === link.connectionId && reads);
      if (isRead) for (const id of known) associations.add(id);
      links.set(link.connectionId, { ...link, associations: [...new Set([...link.associations, ...known])].sort(), unknownAssociations: unknown });
    }
    const golden = associations.size === before.golden.associations.length ? before.golden : { ...before.golden, associations: [...associations].sort() };
    await saveRecord(manager, before, await this.requests.requestDue(manager, { ...before, golden, links }, sync));
  }

  /** A record is no more in an account: another one of the same person or company, to which it was in the way there, can be made. */
  async #retryFreed(manager: EntityManager, { syncId, golden: { object, fields } }: StoredRecord, connectionId: string): Promise<void> {
    const identity = identityOf(object, fields);
    if (identity !== undefined) await this.waiting.settle(manager, await forgetConflicts(manager, syncId, { connectionId, identity }));
  }

  /** The golden record that a told one belongs to, and under which id one is to be made where there is none. */
  async #goldenOf(manager: EntityManager, sync: Sync, told: ToldRecord): Promise<{ readonly before: StoredRecord | undefined; readonly newId: string }> {
    const { object, source } = told;
    const linked = await findLinked(manager, source.connectionId, { object, externalId: source.externalId });
    if (linked !== undefined) return { before: await claimRecord(manager, linked), newId: linked };
    const free: string[] = [];
    for (const id of ownIdsOf(told)) {
      const record = await claimRecord(manager, id);
      if (!record) free.push(id);
      else if (record.syncId === sync.id && !isLinkedAt(record, source.connectionId)) return { before: record, newId: id };
    }
    const [newId = randomUUID()] = free;
    const identity = identityOf(object, told.fields);
    const sameId = identity === undefined ? undefined : await findByIdentity(manager, sync.id, identity, source.connectionId);
    return { before: sameId === undefined ? undefined : await claimRecord(manager, sameId), newId };
  }

  /** An account may have taken for this record one of its own that is kept in step with another one: nobody but a person can say what is right. */
  async #withoutOthersRecord(manager: EntityManager, connectionId: string, object: CrmObject, goldenId: string, result: WriteResult): Promise<WriteResult> {
    if (result.outcome !== 'written') return result;
    const ownerId = await findLinked(manager, connectionId, { object, externalId: result.externalId });
    if (ownerId === undefined || ownerId === goldenId) return result;
    return {
      outcome: 'refused', kind: 'conflict',
      message: `The account's ${object} ${result.externalId} is kept in step with another record, ${ownerId}: merge the two in the account that holds both.`,
    };
  }
}
