import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { ReEncryption } from '@crossdock/connections';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { defineTaskKind, ScheduleRegistry, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';

const findTask = defineTaskKind({ kind: 'connections.find-stale-keys', schema: z.object({}), timeoutMs: 30_000, maxAttempts: 3 });
const resealTask = defineTaskKind({ kind: 'connections.reseal', schema: z.object({}), timeoutMs: 300_000 });

const lookEveryMs = 300_000;
const maxTenants = 500;

/** Brings secrets under the current vault key after it was changed, tenant by tenant, in the background. */
@Injectable()
export class ReEncryptionTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly database: TenantDatabase,
    private readonly work: ReEncryption,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.registry.register(findTask, (batch) => this.#find(batch));
    this.registry.register(resealTask, (batch) => this.#reseal(batch), { isLong: true });
    this.schedules.register({ name: 'connections.re-encryption', everyMs: lookEveryMs, task: { kind: findTask, payload: () => ({}) } });
  }

  async #find(batch: TaskBatch): Promise<void> {
    const tenants = await this.work.findTenants(maxTenants);
    await this.database.systemTransaction((manager) => this.queue.enqueueForTenants(manager, resealTask, tenants, {
      recordKey: 'vault/reseal', groupKey: 'vault/reseal', payload: {},
    }));
    for (const task of batch.tasks) await batch.settle(task);
  }

  async #reseal(batch: TaskBatch): Promise<void> {
    const { resealed, unreadable } = await this.work.reseal(batch.tenantId, batch.signal);
    if (resealed > 0) this.logger.info({ tenantId: batch.tenantId, resealed, unreadable }, 'secrets were sealed anew');
    for (const task of batch.tasks) await batch.settle(task);
  }
}
