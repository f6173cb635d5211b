import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { deterministicId, Failure, orderReceived } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { WooCommerceClient } from '@crossdock/vendor-woocommerce';
import { Inject, Injectable, type InjectionToken, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { changedOrders, type SeenOrder } from './changed-orders.ts';
import { moveCursor, readCursor, unknownOf } from './shop-poll.cursor.ts';

/** Injection token of the seconds between two looks at a shop. */
export const SHOP_POLL_SECONDS: InjectionToken<number> = Symbol('SHOP_POLL_SECONDS');

/** A shop is looked at for as long as it is connected: a failure only delays the next look. */
const pollTask = defineTaskKind({ kind: 'orders.poll-shop', schema: z.object({}), timeoutMs: 120_000, maxAttempts: 1_000_000 });

/** What a shop commits late is still found: its clock and its database are not ours. */
const overlapMs = 10 * 60_000;

/**
 * Looks for orders that a shop changed without its webhook reaching us. WooCommerce never sends a webhook again and
 * switches it off after some failures in a row. What is found goes out as the very event a webhook would have become,
 * so that there is one way in.
 */
@Injectable()
export class ShopPollTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly publisher: EventPublisher,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly client: WooCommerceClient,
    @Inject(SHOP_POLL_SECONDS) private readonly everySeconds: number,
  ) {}

  onModuleInit(): void {
    this.registry.register(pollTask, (batch) => this.#run(batch), {
      onDead: (manager, task) => this.#enqueueNext(manager, groupOf(task.recordKey)),
    });
  }

  /** Begins to look at a shop that was connected. Nothing from before the connection is fetched. */
  async begin(manager: EntityManager, tenantId: string, connectionId: string): Promise<void> {
    await moveCursor(manager, tenantId, connectionId, new Date().toISOString());
    await this.#enqueueNext(manager, connectionId);
  }

  async #run(batch: TaskBatch): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (connection?.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    const isConnected = connection !== undefined && connection.state !== 'disconnected';
    if (isConnected) await this.health.watch(connection, () => this.#poll(connection, batch.signal));
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        if (isConnected) await this.#enqueueNext(manager, batch.groupKey);
      });
    }
  }

  async #poll(connection: Connection, signal: AbortSignal): Promise<void> {
    const { tenantId, id: connectionId } = connection;
    const cursor = await this.database.transaction(tenantId, (manager) => readCursor(manager, connectionId));
    const since = new Date(Date.parse(cursor ?? new Date().toISOString()) - overlapMs).toISOString();
    for await (const seen of changedOrders(this.client, connection, since, signal)) {
      await this.database.transaction(tenantId, async (manager) => {
        for (const order of await unknownOf(manager, connectionId, seen)) await this.#tell(manager, connectionId, order);
        const last = seen.at(-1);
        if (last) await moveCursor(manager, tenantId, connectionId, last.modifiedAt);
      });
    }
  }

  async #tell(manager: EntityManager, connectionId: string, { externalId, modifiedAt, payload }: SeenOrder): Promise<void> {
    await this.publisher.publish(manager, orderReceived, {
      id: deterministicId('shop-poll', connectionId, externalId, modifiedAt),
      subject: `woocommerce/${connectionId}/order/${externalId}`,
      data: { vendor: 'woocommerce', connectionId, change: 'updated', externalId, receivedAt: new Date().toISOString(), payload },
    });
  }

  async #enqueueNext(manager: EntityManager, connectionId: string): Promise<void> {
    await this.queue.enqueue(manager, pollTask, {
      recordKey: recordKeyOf(connectionId), groupKey: connectionId, payload: {}, coalesce: true,
      notBefore: new Date(Date.now() + this.everySeconds * 1_000),
    });
  }
}

const recordPrefix = 'shop-poll/';

function recordKeyOf(connectionId: string): string {
  return `${recordPrefix}${connectionId}`;
}

function groupOf(recordKey: string): string {
  return recordKey.slice(recordPrefix.length);
}
