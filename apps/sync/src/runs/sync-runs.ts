import { deterministicId, Failure, scanRequested, scanWithdrawn, type EventData, type scanEnded } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue } from '@crossdock/task-queue';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import type { Sync } from '../syncs/sync.repository.ts';
import { endRun, findOpenRun, findRun, findRunOfScan, insertRun, setScan, type RunKind, type SyncRun } from './run.repository.ts';

/** Looks whether all that a scan told has arrived, and then at what it did not tell. */
export const compareScanTask = defineTaskKind({
  kind: 'sync.compare-scan',
  schema: z.object({ scanId: z.uuid(), compared: z.int(), since: z.iso.datetime() }),
});

/** Complete readings of a sync's accounts. */
@Injectable()
export class SyncRuns {
  constructor(private readonly publisher: EventPublisher, private readonly queue: TaskQueue) {}

  /**
   * Has every account of the sync read completely.
   * @returns undefined where that is under way already.
   * @throws Failure `conflict` for a sync that rests.
   */
  async start(manager: EntityManager, { id: syncId, rules, state }: Pick<Sync, 'id' | 'rules' | 'state'>, kind: RunKind): Promise<SyncRun | undefined> {
    if (state === 'paused') throw new Failure('conflict', `Sync ${syncId} is paused: resume it, which reads its accounts as well.`);
    const id = uuid();
    const scans = new Map(rules.sides.map(({ connectionId }) => [connectionId, uuid()]));
    if (!await insertRun(manager, { id, syncId, kind, scans })) return undefined;
    for (const { connectionId, vendor } of rules.sides) {
      const scanId = scans.get(connectionId) ?? uuid();
      await this.publisher.publish(manager, scanRequested, {
        id: scanId, subject: `scan/${connectionId}/${rules.object}`, data: { scanId, connectionId, vendor, object: rules.object },
      });
    }
    return findRun(manager, id);
  }

  /**
   * Ends the sync's run that is under way, where there is one: the accounts are read no further, and what was read is not compared.
   * What was taken over by then stays.
   */
  async cancel(manager: EntityManager, { id: syncId, rules }: Pick<Sync, 'id' | 'rules'>): Promise<void> {
    const run = await findOpenRun(manager, syncId);
    if (!run) return;
    await endRun(manager, run.id, 'cancelled');
    for (const { scanId, connectionId, state } of run.scans) {
      const vendor = rules.sides.find((side) => side.connectionId === connectionId)?.vendor;
      await this.queue.withdraw(manager, compareScanTask, recordKeyOf(scanId));
      if (!vendor || state !== 'running') continue;
      await this.publisher.publish(manager, scanWithdrawn, {
        id: deterministicId('crm.scan.withdrawn', scanId), subject: `scan/${connectionId}/${rules.object}`,
        data: { scanId, connectionId, vendor, object: rules.object },
      });
    }
  }

  /** An account was read, or its reading broke off: then nothing follows from what was not told. */
  async takeEnd(manager: EntityManager, { scanId, outcome, told, message }: EventData<typeof scanEnded>): Promise<'taken' | 'not_ours'> {
    const run = await findRunOfScan(manager, scanId);
    if (!run) return 'not_ours';
    if (outcome === 'broken_off') {
      await setScan(manager, scanId, { state: 'broken_off', told });
      await endRun(manager, run.id, 'failed', message);
      return 'taken';
    }
    await setScan(manager, scanId, { state: 'read', told });
    await this.compareLater(manager, { scanId, compared: 0, since: new Date().toISOString() });
    return 'taken';
  }

  async compareLater(manager: EntityManager, payload: z.infer<typeof compareScanTask.schema>, notBefore?: Date): Promise<void> {
    await this.queue.enqueue(manager, compareScanTask, { recordKey: recordKeyOf(payload.scanId), groupKey: 'scans', payload, ...(notBefore && { notBefore }) });
  }
}

function recordKeyOf(scanId: string): string {
  return `scan/${scanId}`;
}
