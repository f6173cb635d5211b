import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Failure } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import type { EntityManager } from 'typeorm';
import type { EffectConfig } from './effect.config.ts';
import { effectSchema, writeEffect, type Effect } from './effect.ts';

const vendorTimeoutMs = 5_000;

const tellVendorTask = defineTaskKind({
  kind: 'crash.tell-vendor',
  schema: effectSchema,
  batchSize: 20,
  timeoutMs: 10_000,
  // Servers are away again and again: nothing may be put aside for that alone.
  maxAttempts: 1_000,
});

/** Tells a vendor of each event and writes one row when that is recorded. */
@Injectable()
export class EffectTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly config: Pick<EffectConfig, 'vendorUrl'>,
  ) {}

  onModuleInit(): void {
    this.registry.register(tellVendorTask, (batch) => this.#run(batch));
  }

  async enqueue(manager: EntityManager, tenantId: string, effect: Effect): Promise<void> {
    await this.queue.enqueue(manager, tellVendorTask, { recordKey: `record/${effect.record}`, groupKey: tenantId, payload: effect });
  }

  async #run(batch: TaskBatch<Effect>): Promise<void> {
    await this.#tellVendor(batch.tasks.map(({ payload }) => payload.eventId), batch.signal);
    for (const task of batch.tasks) {
      await batch.settle(task, (manager) => writeEffect(manager, 'task_effect', batch.tenantId, task.payload));
    }
  }

  async #tellVendor(eventIds: readonly string[], signal: AbortSignal): Promise<void> {
    const response = await fetch(this.config.vendorUrl, {
      method: 'POST', body: JSON.stringify(eventIds), signal: AbortSignal.any([signal, AbortSignal.timeout(vendorTimeoutMs)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Failure('transient', `The vendor answered ${response.status}.`);
  }
}
