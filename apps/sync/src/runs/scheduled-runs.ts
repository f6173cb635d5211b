import { ConnectionStore } from '@crossdock/connections';
import { crmVendorSchema } from '@crossdock/contracts';
import { defineTaskKind, ScheduleRegistry, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { listOverdue } from '../syncs/sync.repository.ts';
import { countStandings } from '../standing/standing.repository.ts';
import { SyncRuns } from './sync-runs.ts';

const overdueTask = defineTaskKind({ kind: 'sync.start-overdue', schema: z.object({}) });
const lookEveryMs = 10 * 60_000;

/** Has the accounts of each sync read and compared completely as often as the sync says: once a day unless said otherwise. A first reading that broke off is tried again. What waits in the syncs is counted by the way. */
@Injectable()
export class ScheduledRuns implements OnModuleInit {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly connections: ConnectionStore,
    private readonly runs: SyncRuns,
  ) {}

  onModuleInit(): void {
    this.registry.register(overdueTask, (batch) => this.#run(batch));
    this.schedules.register({
      name: 'sync-runs', everyMs: lookEveryMs, perTenant: () => this.#tenants(), task: { kind: overdueTask, payload: () => ({}) },
    });
  }

  async #run(batch: TaskBatch): Promise<void> {
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        for (const sync of await listOverdue(manager)) await this.runs.start(manager, sync, sync.state === 'loading' ? 'load' : 'reconciliation');
        await countStandings(manager);
      });
    }
  }

  /** Those with an account at a CRM. */
  async #tenants(): Promise<string[]> {
    const ofVendors = await Promise.all(crmVendorSchema.options.map((vendor) => this.connections.tenantsOf(vendor)));
    return [...new Set(ofVendors.flat())];
  }
}
