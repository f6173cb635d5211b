import { ConnectionHealth, ConnectionStore, keepMappingDrift } from '@crossdock/connections';
import { crmObjectSchema, type CrmObject } from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import { effectiveMapping, schemaDrift } from '@crossdock/field-mapping';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { defineTaskKind, ScheduleRegistry, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { findSchema, keepDrift, listSchemas } from './account-schema.repository.ts';
import { findActiveRules } from './field-mapping.repository.ts';

const dayMs = 24 * 3_600_000;

const roundTask = defineTaskKind({ kind: 'crm.schema-check-round', schema: z.object({}) });
const checkTask = defineTaskKind({ kind: 'crm.schema-check', schema: z.object({ object: crmObjectSchema }), timeoutMs: 60_000 });
type CheckPayload = z.infer<typeof checkTask.schema>;

/** Looks every day whether an account has changed in a way that its mappings do not know of, and keeps that as warnings. */
@Injectable()
export class SchemaCheckTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly schedules: ScheduleRegistry,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.registry.register(roundTask, (batch) => this.#lookRound(batch));
    this.registry.register(checkTask, (batch) => this.#run(batch));
    this.schedules.register({
      name: 'crm-schema-check', everyMs: dayMs,
      perTenant: () => this.connections.tenantsOf(this.connector.vendor),
      task: { kind: roundTask, payload: () => ({}) },
    });
  }

  /** In the caller's tenant transaction. */
  async enqueue(manager: EntityManager, connectionId: string, object: CrmObject): Promise<void> {
    await this.queue.enqueue(manager, checkTask, {
      recordKey: `${connectionId}/schema/${object}`, groupKey: connectionId, payload: { object }, coalesce: true,
    });
  }

  async #lookRound(batch: TaskBatch): Promise<void> {
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        for (const { connectionId, object } of await listSchemas(manager)) {
          const connection = await this.connections.findWithin(manager, connectionId);
          if (connection && connection.state !== 'disconnected') await this.enqueue(manager, connectionId, object);
        }
      });
    }
  }

  async #run(batch: TaskBatch<CheckPayload>): Promise<void> {
    const connection = await connectionOf(this.connections, batch);
    for (const task of batch.tasks) {
      const { object } = task.payload;
      const target = { tenantId: batch.tenantId, connectionId: connection.id, object };
      const description = await this.health.watch(connection, () => this.connector.describe(connection, object, batch.signal));
      await batch.settle(task, async (manager) => {
        const before = await findSchema(manager, target);
        if (!before) return;
        const { rules } = await findActiveRules(manager, target);
        const drift = schemaDrift(before.description, description, effectiveMapping(object, this.connector.defaultMapping[object], rules, before.description));
        if (!await keepDrift(manager, target, before, drift)) return;
        await keepMappingDrift(manager, connection.id, object, drift.length);
        if (drift.length > 0) this.logger.warn({ connectionId: connection.id, object, fields: drift.map(({ field }) => field) }, 'an account has changed in a way that its mapping does not know of');
      });
    }
  }
}
