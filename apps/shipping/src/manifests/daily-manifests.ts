import { ConnectionStore } from '@crossdock/connections';
import { deterministicId } from '@crossdock/contracts';
import { defineTaskKind, ScheduleRegistry, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { readPolicy } from '../policy/shipping-policy.ts';
import { lastCutOff } from './daily-cut-off.ts';
import { claimDay, findToHandOver, mostInManifest } from './manifest.repository.ts';
import { ManifestTasks } from './manifest.tasks.ts';

const closeTask = defineTaskKind({ kind: 'shipping.close-day', schema: z.object({ at: z.iso.datetime() }) });

/** How long after its cut-off a day may be closed out. */
const lookEveryMs = 900_000;

/** Closes out each day's labels of the carriers that a tenant names, once, by themselves. */
@Injectable()
export class DailyManifests implements OnModuleInit {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly connections: ConnectionStore,
    private readonly manifests: ManifestTasks,
  ) {}

  onModuleInit(): void {
    this.registry.register(closeTask, (batch) => this.#run(batch));
    this.schedules.register({
      name: 'daily-manifests', everyMs: lookEveryMs, perTenant: () => this.connections.tenantsOf('shippo'),
      task: { kind: closeTask, payload: (slot) => ({ at: slot.toISOString() }) },
    });
  }

  /**
   * Asks for the manifests of the day whose cut-off came last before the moment, in the tenant's transaction, unless somebody has: one for each
   * carrier account and place. What gets its label later goes into those of the next day. @returns their ids.
   */
  async closeDay(manager: EntityManager, moment: Date): Promise<string[]> {
    const { tenantId } = tenantContext.require();
    const { dailyManifests } = await readPolicy(manager);
    if (!dailyManifests) return [];
    const { day, today } = lastCutOff(dailyManifests, moment);
    if (!await claimDay(manager, tenantId, day)) return [];
    const ids: string[] = [];
    for (const shipmentIds of await findToHandOver(manager, dailyManifests.carriers, moment)) {
      for (let start = 0; start < shipmentIds.length; start += mostInManifest) {
        const request = { shipmentIds: shipmentIds.slice(start, start + mostInManifest), shippedOn: today };
        const { id } = await this.manifests.requestWithin(manager, deterministicId('daily-manifest', tenantId, day, ...request.shipmentIds), request);
        ids.push(id);
      }
    }
    return ids;
  }

  async #run(batch: TaskBatch<z.infer<typeof closeTask.schema>>): Promise<void> {
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        await this.closeDay(manager, new Date(task.payload.at));
      });
    }
  }
}
