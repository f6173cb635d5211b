import { Failure } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DueRequests } from '../records/due-requests.ts';
import { claimRecord, saveRecord } from '../records/synced-record.repository.ts';
import { WaitingRecords } from '../records/waiting-records.ts';
import type { Sync } from '../syncs/sync.repository.ts';
import { decideConflict } from './conflict-decision.ts';
import { forgetErrors } from './trouble.repository.ts';

/** What people do about records that stand still. Each method works in the caller's tenant transaction. */
@Injectable()
export class Trouble {
  constructor(private readonly waiting: WaitingRecords, private readonly requests: DueRequests) {}

  /** Tries refused writes again: those of these golden records, or all. @returns of how many records. */
  async retry(manager: EntityManager, syncId: string, goldenIds?: readonly string[]): Promise<number> {
    const ids = await forgetErrors(manager, syncId, goldenIds);
    await this.waiting.settle(manager, ids);
    return ids.length;
  }

  /** @throws Failure `not_found` where the field waits for no decision. */
  async decide(
    manager: EntityManager, sync: Sync, { goldenId, connectionId, field }: { readonly goldenId: string; readonly connectionId: string; readonly field: string },
    winner: 'ours' | 'theirs',
  ): Promise<void> {
    const before = await claimRecord(manager, goldenId);
    const decided = before?.syncId === sync.id ? decideConflict(before, connectionId, field, winner) : undefined;
    if (!before || !decided) throw new Failure('not_found', `The field ${field} of record ${goldenId} waits for no decision at connection ${connectionId}.`);
    await saveRecord(manager, before, await this.requests.requestDue(manager, decided, sync));
  }
}
