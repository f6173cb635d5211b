import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { defineTaskKind, ScheduleRegistry, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantRepository } from './tenant.repository.ts';

const eraseTask = defineTaskKind({ kind: 'tenants.erase-due', schema: z.object({}), timeoutMs: 60_000, maxAttempts: 3 });

/** How much later than its retention time a tenant is erased at most. */
const lookEveryMs = 15_000;
const mostAtOnce = 20;

/** Erases deleted tenants whose retention time is over. */
@Injectable()
export class TenantErasureTasks implements OnModuleInit {
  constructor(private readonly registry: TaskRegistry, private readonly schedules: ScheduleRegistry, private readonly tenants: TenantRepository) {}

  onModuleInit(): void {
    this.registry.register(eraseTask, (batch) => this.#erase(batch));
    this.schedules.register({ name: 'tenants.erase-due', everyMs: lookEveryMs, task: { kind: eraseTask, payload: () => ({}) } });
  }

  async #erase(batch: TaskBatch): Promise<void> {
    await this.tenants.eraseDue(mostAtOnce);
    for (const task of batch.tasks) await batch.settle(task);
  }
}
