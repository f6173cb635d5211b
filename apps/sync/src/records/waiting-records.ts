import { defineTaskKind, TaskQueue } from '@crossdock/task-queue';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findWaiting, type Counterpart } from './record-associations.ts';

/** Brings a golden record's accounts up to it, once what it waited for is there. */
export const settleTask = defineTaskKind({ kind: 'sync.settle', schema: z.object({ goldenId: z.uuid() }), batchSize: 50 });

/** Has golden records settled that depend on others. */
@Injectable()
export class WaitingRecords {
  constructor(private readonly queue: TaskQueue) {}

  /** Golden records have their counterparts in an account now: those that name them can be brought up. */
  async settleNaming(manager: EntityManager, connectionId: string, ...counterparts: readonly Counterpart[]): Promise<void> {
    await this.settle(manager, await findWaiting(manager, connectionId, counterparts));
  }

  async settle(manager: EntityManager, goldenIds: readonly string[]): Promise<void> {
    for (const id of goldenIds) {
      await this.queue.enqueue(manager, settleTask, { recordKey: id, groupKey: 'settle', payload: { goldenId: id }, coalesce: true });
    }
  }
}
