import { ConnectionStore } from '@crossdock/connections';
import { defineTaskKind, ScheduleRegistry, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type InjectionToken, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { OrderSources } from '../order-sources.ts';
import { OrderComparisons } from './order-comparisons.ts';

/** Injection token of the days behind the present that the daily comparison covers. */
export const ORDER_COMPARISON_DAYS: InjectionToken<number> = Symbol('ORDER_COMPARISON_DAYS');

const compareTask = defineTaskKind({ kind: 'orders.compare-shops', schema: z.object({}) });
const dayMs = 24 * 3_600_000;

const settingsSchema = z.looseObject({
  /** What the daily comparison does about differences of this shop's orders. */
  orderDrift: z.enum(['report', 'repair']).default('report'),
}).catch({ orderDrift: 'report' });

/** Compares each shop's orders of the last days once a day. */
@Injectable()
export class ScheduledComparisons implements OnModuleInit {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly connections: ConnectionStore,
    private readonly sources: OrderSources,
    private readonly comparisons: OrderComparisons,
    @Inject(ORDER_COMPARISON_DAYS) private readonly days: number,
  ) {}

  onModuleInit(): void {
    this.registry.register(compareTask, (batch) => this.#run(batch));
    this.schedules.register({
      name: 'order-comparisons', everyMs: dayMs, perTenant: () => this.#tenants(), task: { kind: compareTask, payload: () => ({}) },
    });
  }

  async #run(batch: TaskBatch): Promise<void> {
    const shops = (await this.connections.list(batch.tenantId)).filter(({ vendor, state }) => this.sources.find(vendor) && state !== 'disconnected');
    const to = new Date().toISOString();
    const from = new Date(Date.now() - this.days * dayMs).toISOString();
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        for (const { id: connectionId, settings } of shops) {
          await this.comparisons.start(manager, { connectionId, from, to, policy: settingsSchema.parse(settings).orderDrift });
        }
      });
    }
  }

  async #tenants(): Promise<string[]> {
    const ofVendors = await Promise.all(this.sources.vendors.map((vendor) => this.connections.tenantsOf(vendor)));
    return [...new Set(ofVendors.flat())];
  }
}
