import { ConnectionStore } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from './connector-task.ts';

const setUpTask = defineTaskKind({ kind: 'crm.set-up', schema: z.object({}), timeoutMs: 60_000 });

/** Prepares a CRM account after it was connected. */
@Injectable()
export class SetUpTasks implements OnModuleInit {
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #connections: ConnectionStore;
  readonly #connector: CrmConnector;

  constructor(
    queue: TaskQueue, registry: TaskRegistry, connections: ConnectionStore, @Inject(CRM_CONNECTOR) connector: CrmConnector,
  ) {
    this.#queue = queue;
    this.#registry = registry;
    this.#connections = connections;
    this.#connector = connector;
  }

  onModuleInit(): void {
    this.#registry.register(setUpTask, (batch) => this.#run(batch));
  }

  /** Work that rested because the connection was broken goes on. */
  async enqueue(manager: EntityManager, connectionId: string): Promise<void> {
    await this.#queue.enqueue(manager, setUpTask, {
      recordKey: `${connectionId}/set-up`, groupKey: connectionId, payload: {}, coalesce: true,
    });
    await this.#queue.resumeParked(manager, connectionId);
  }

  async #run(batch: TaskBatch): Promise<void> {
    const connection = await connectionOf(this.#connections, batch);
    await this.#connector.setUp(connection, batch.signal);
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        if (connection.state === 'connecting') await this.#connections.setState(manager, connection.id, 'healthy');
      });
    }
  }
}
