import { ConnectionStore } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import { defineTaskKind, ScheduleRegistry, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { AccountPreparation, type PreparationStep } from './account-preparation.ts';
import { findSetUp, listSetUps, type AccountSetUp } from './account-set-up.repository.ts';
import { SetUpJob } from './set-up.job.ts';

const hourMs = 3_600_000;
const probeEveryMs = 7 * 24 * hourMs;
/** Renewed while there is time for several tries. */
const renewBeforeMs = 3 * 24 * hourMs;

const roundTask = defineTaskKind({ kind: 'crm.upkeep-round', schema: z.object({}) });
const upkeepTask = defineTaskKind({ kind: 'crm.upkeep', schema: z.object({ step: z.enum(['capabilities', 'change_notices']) }), timeoutMs: 60_000 });
type UpkeepPayload = z.infer<typeof upkeepTask.schema>;

/** Asks each account every week what it allows, and renews subscriptions before they run out. */
@Injectable()
export class AccountUpkeep implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly connections: ConnectionStore,
    private readonly preparation: AccountPreparation,
    private readonly setUps: SetUpJob,
    @Inject(CRM_CONNECTOR) private readonly connector: CrmConnector,
  ) {}

  onModuleInit(): void {
    this.registry.register(roundTask, (batch) => this.#lookRound(batch));
    this.registry.register(upkeepTask, (batch) => this.#run(batch));
    this.schedules.register({
      name: 'crm-upkeep', everyMs: 6 * hourMs,
      perTenant: () => this.connections.tenantsOf(this.connector.vendor),
      task: { kind: roundTask, payload: () => ({}) },
    });
  }

  async #lookRound(batch: TaskBatch): Promise<void> {
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        for (const setUp of await listSetUps(manager)) {
          for (const step of dueSteps(setUp, Date.now())) await this.#enqueue(manager, setUp.connectionId, step);
        }
      });
    }
  }

  async #enqueue(manager: EntityManager, connectionId: string, step: UpkeepPayload['step']): Promise<void> {
    await this.queue.enqueue(manager, upkeepTask, {
      recordKey: `${connectionId}/${step}`, groupKey: connectionId, payload: { step }, coalesce: true,
    });
  }

  /** An account that allows more or less than before is set up anew. */
  async #run(batch: TaskBatch<UpkeepPayload>): Promise<void> {
    const connection = await connectionOf(this.connections, batch);
    for (const task of batch.tasks) {
      const keep = await this.preparation.run(task.payload.step, connection, batch.signal);
      await batch.settle(task, async (manager) => {
        const before = await findSetUp(manager, connection.id);
        await keep(manager);
        const after = await findSetUp(manager, connection.id);
        if (before?.capabilities?.mode !== after?.capabilities?.mode) await this.setUps.begin(manager, connection.id);
      });
    }
  }
}

/** What is to be done for an account by now. */
export function dueSteps({ probedAt, subscription }: Pick<AccountSetUp, 'probedAt' | 'subscription'>, nowMs: number): Array<PreparationStep & UpkeepPayload['step']> {
  const isProbeDue = probedAt !== null && nowMs - probedAt.getTime() >= probeEveryMs;
  const endsAt = subscription?.kind === 'account' ? subscription.endsAt : undefined;
  const isRenewalDue = endsAt !== undefined && Date.parse(endsAt) - nowMs < renewBeforeMs;
  return [...(isProbeDue ? ['capabilities' as const] : []), ...(isRenewalDue ? ['change_notices' as const] : [])];
}
