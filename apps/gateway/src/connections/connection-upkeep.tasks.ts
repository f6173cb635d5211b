import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Authorisations, ConnectionUpkeep, findDueConnections } from '@crossdock/connections';
import { defineTaskKind, ScheduleRegistry, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';

const findDueTask = defineTaskKind({ kind: 'connections.find-due', schema: z.object({}), timeoutMs: 30_000, maxAttempts: 3 });
const attendTask = defineTaskKind({ kind: 'connections.attend', schema: z.object({ connectionId: z.uuid() }), timeoutMs: 120_000, maxAttempts: 3 });

/** Often enough for what is due to wait for no more than a tenth of the time between two probes. */
const lookEvery = 0.1;
const [shortestLookMs, longestLookMs] = [1_000, 10_000];
/** Attended to in one look; the rest is due still at the next. */
const maxDue = 500;

/** Looks for connections that are due, once over all replicas, and attends to each as a task of its tenant. */
@Injectable()
export class ConnectionUpkeepTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly database: TenantDatabase,
    private readonly upkeep: ConnectionUpkeep,
    private readonly authorisations: Authorisations,
  ) {}

  onModuleInit(): void {
    this.registry.register(findDueTask, (batch) => this.#findDue(batch));
    this.registry.register(attendTask, (batch) => this.#attend(batch));
    const everyMs = Math.min(longestLookMs, Math.max(shortestLookMs, Math.round(this.upkeep.probeEveryMs * lookEvery)));
    this.schedules.register({ name: 'connections.upkeep', everyMs, task: { kind: findDueTask, payload: () => ({}) } });
  }

  async #findDue(batch: TaskBatch): Promise<void> {
    const due = await findDueConnections(this.database, maxDue);
    await this.database.systemTransaction(async (manager) => {
      await this.authorisations.removeOld(manager);
      for (const { tenantId, connectionId } of due) {
        await this.queue.enqueueForTenants(manager, attendTask, [tenantId], {
          recordKey: `${connectionId}/upkeep`, groupKey: `${connectionId}/upkeep`, payload: { connectionId },
        });
      }
    });
    for (const task of batch.tasks) await batch.settle(task);
  }

  async #attend(batch: TaskBatch<z.infer<typeof attendTask.schema>>): Promise<void> {
    for (const task of batch.tasks) {
      await this.upkeep.attend(batch.tenantId, task.payload.connectionId, batch.signal);
      await batch.settle(task);
    }
  }
}
