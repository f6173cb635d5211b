import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { noteDrift, noteScanned } from '../runs/scan.repository.ts';
import { findSyncOf, type Sync } from '../syncs/sync.repository.ts';
import { DueRequests } from './due-requests.ts';
import { findGoneAmong } from './gone-record.repository.ts';
import { findNamed, resolveAmong } from './record-associations.ts';
import { lockLinked } from './record-locks.ts';
import { RecordSync, type Outcome } from './record-sync.ts';
import { SyncMetrics } from './sync-metrics.ts';
import { claimRecords, findAllLinked, findByIdentities, findMade, identityOf, lockIdentities, saveRecords, type RecordChange, type StoredRecord } from './synced-record.repository.ts';
import type { ToldRecord } from './told-record.ts';
import { isLinkedAt, keyOf, lockKeyOf, ownIdsOf, takeOver, type Takeover } from './told-takeover.ts';
import { WaitingRecords } from './waiting-records.ts';

/** A told record, and in whose name what follows from it is said. */
export interface Told {
  readonly record: ToldRecord;
  readonly scope: TenantScope;
}

/** A told record and the golden record that it belongs to; none where nothing is known of it yet. */
interface Placed {
  readonly told: Told;
  readonly goldenId: string | undefined;
}

/** What one account told of one kind of record. */
interface OfAccount {
  readonly sync: Sync;
  readonly told: readonly Told[];
}

/**
 * Takes over many told records in about as many statements as one. What is plain goes together: a record that is linked, one whose person
 * or company is known, and one that nothing is known of. What needs a closer look, or touches a golden record for the
 * second time, comes after them one by one.
 */
@Injectable()
export class ToldBatches {
  constructor(
    private readonly records: RecordSync, private readonly requests: DueRequests, private readonly waiting: WaitingRecords, private readonly metrics: SyncMetrics,
  ) {}

  /** In the caller's tenant transaction; what one account told of one record is taken over in the order given. @returns what became of each. */
  async takeAll(manager: EntityManager, all: readonly Told[]): Promise<Outcome[]> {
    const outcomes = new Map<Told, Outcome>();
    const accounts: OfAccount[] = [];
    for (const some of Map.groupBy(all, ({ record: { source, object } }) => `${source.connectionId}/${object}`).values()) {
      const [first] = some;
      const sync = first && await findSyncOf(manager, first.record.source.connectionId, first.record.object);
      if (sync && sync.state !== 'paused') accounts.push({ sync, told: some });
    }
    if (accounts.length > 0) await lockAll(manager, accounts);
    for (const { sync, told: some } of accounts) {
      for (const [told, outcome] of await this.#takePlain(manager, sync, some)) outcomes.set(told, outcome);
      for (const told of some) {
        if (!outcomes.has(told)) outcomes.set(told, await tenantContext.run(told.scope, () => this.records.takeTold(manager, told.record)));
      }
    }
    return all.map((told) => outcomes.get(told) ?? 'not_ours');
  }

  async #takePlain(manager: EntityManager, sync: Sync, all: readonly Told[]): Promise<ReadonlyMap<Told, Outcome>> {
    const placed = await place(manager, sync, all);
    const connectionId = placed[0]?.told.record.source.connectionId;
    if (connectionId === undefined) return new Map();
    const claimed = new Map((await claimRecords(manager, placed.flatMap(({ goldenId }) => goldenId ?? []))).map((record) => [record.golden.id, record]));
    const named = await findNamed(manager, connectionId, placed.flatMap(({ told }) => told.record.associations));
    const takeovers = new Map<Told, Takeover>();
    for (const { told, goldenId } of placed) {
      const before = goldenId === undefined ? undefined : claimed.get(goldenId);
      if (goldenId !== undefined && !isAsPlaced(before, sync, told.record)) continue;
      const [newId = ''] = ownIdsOf(told.record);
      takeovers.set(told, takeOver(told.record, sync, { before, newId }, resolveAmong(named, told.record.associations)));
    }
    await this.#store(manager, sync, connectionId, takeovers);
    return new Map([...takeovers].map(([told, { outcome }]) => [told, outcome]));
  }

  async #store(manager: EntityManager, sync: Sync, connectionId: string, takeovers: ReadonlyMap<Told, Takeover>): Promise<void> {
    const changes: RecordChange[] = [];
    for (const [{ scope }, { told, before, after, outcome, newlyHeld, scanned }] of takeovers) {
      this.metrics.countTold(told.source.vendor, outcome, newlyHeld);
      if (outcome === 'taken') changes.push({ before, after: await tenantContext.run(scope, () => this.requests.requestDue(manager, after, sync)), scanned });
    }
    await saveRecords(manager, changes);
    const all = [...takeovers.values()];
    const taken = all.filter(({ outcome }) => outcome === 'taken');
    await this.waiting.settleNaming(manager, connectionId, ...taken.filter(({ isNew }) => isNew)
      .map(({ told: { object, source: { externalId } }, after }) => ({ goldenId: after.golden.id, ref: { object, externalId } })));
    const passed = all.filter(({ outcome }) => outcome === 'stale');
    for (const [scanId, ofScan] of Map.groupBy(passed, ({ scanned }) => scanned?.scanId)) {
      if (scanId !== undefined) await noteScanned(manager, ofScan.map(({ after }) => after.golden.id), { connectionId, scanId });
    }
    await noteDrift(manager, taken.flatMap(({ told, after, drift, scanned }) =>
      (scanned ? [{ scanId: scanned.scanId, goldenId: after.golden.id, externalId: told.source.externalId, drift }] : [])));
  }
}

/** Whoever takes records over together locks in one order, so that two of them never wait for each other: who or what is told, then golden records. */
async function lockAll(manager: EntityManager, accounts: readonly OfAccount[]): Promise<void> {
  await lockIdentities(manager, accounts.flatMap(({ sync, told }) => told.map(({ record }) => ({ syncId: sync.id, identity: lockKeyOf(record) }))));
  // Those of one account are locked together in any case.
  if (accounts.length < 2) return;
  await lockLinked(manager, accounts.flatMap(({ told }) => told.map(({ record: { object, source: { connectionId, externalId } } }) => ({ connectionId, object, externalId }))));
}

/** Says where plain records belong. All are of one account and kind; none shares a golden record or an identity with an earlier one. */
async function place(manager: EntityManager, sync: Sync, all: readonly Told[]): Promise<Placed[]> {
  const [first] = all;
  if (!first) return [];
  const { object, source: { connectionId } } = first.record;
  const seen = new Set<string>();
  const isFirst = (key: string | undefined): boolean => key === undefined || (!seen.has(key) && seen.add(key).size > 0);
  const once = all.filter(({ record }) => {
    // Both are remembered in any case: what comes later of either waits.
    const [isFirstOfRecord, isFirstOfIdentity] = [isFirst(record.source.externalId), isFirst(lockKeyOf(record))];
    return isFirstOfRecord && isFirstOfIdentity && record.mergedFrom === undefined;
  });
  const linked = await findAllLinked(manager, connectionId, object, once.map(({ record }) => record.source.externalId));
  const others = once.filter(({ record }) => !linked.has(record.source.externalId));
  const [gone, made, ofIdentity] = [
    await findGoneAmong(manager, connectionId, object, others.map(({ record }) => record.source.externalId)),
    await findMade(manager, others.flatMap(({ record }) => ownIdsOf(record))),
    await findByIdentities(manager, sync.id, others.flatMap(({ record }) => identityOf(object, record.fields) ?? []), connectionId),
  ];
  return once.flatMap((told): Placed[] => {
    const { source: { externalId }, fields } = told.record;
    const owner = linked.get(externalId);
    const goldenId = owner ?? ofIdentity.get(identityOf(object, fields) ?? '');
    const isPlain = owner === undefined
      ? !(gone.has(externalId) || ownIdsOf(told.record).some((id) => made.has(id)))
      : owner === (keyOf(told.record) ?? owner);
    return isPlain && isFirst(goldenId) ? [{ told, goldenId }] : [];
  });
}

/** While it was waited for, a golden record may have got another counterpart. */
function isAsPlaced(before: StoredRecord | undefined, sync: Sync, { source: { connectionId, externalId } }: ToldRecord): boolean {
  if (before?.syncId !== sync.id) return false;
  return before.links.get(connectionId)?.externalId === externalId || (before.golden.state === 'live' && !isLinkedAt(before, connectionId));
}
