import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { deterministicId, Failure, orderReceived, type ShopVendor } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type InjectionToken, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { z } from 'zod';
import { OrderSources } from '../order-sources.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import { newsOf, type OrderNews } from './order-news.ts';
import { moveCursor, readCursor } from './shop-poll.cursor.ts';
import { ShopWebhooks } from './shop-webhooks.ts';

/** Injection token of the seconds between two looks at a shop. */
export const SHOP_POLL_SECONDS: InjectionToken<number> = Symbol('SHOP_POLL_SECONDS');

/** A shop is looked at for as long as it is connected: a failure only delays the next look. */
const pollTask = defineTaskKind({ kind: 'orders.poll-shop', schema: z.object({}), timeoutMs: 120_000, maxAttempts: 1_000_000 });

/** What a shop commits late is still found: its clock and its database are not ours. */
const overlapMs = 10 * 60_000;

/**
 * Looks at each shop regularly: whether its webhooks still work, and which orders changed without a webhook reaching us.
 * WooCommerce never sends a webhook again and switches it off after some failures in a row. What is found goes out as the
 * very event a webhook would have become, so that there is one way in. Webhooks are looked after first: what changes from
 * then on is told, and what changed before is found.
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
    private readonly sources: OrderSources,
    private readonly webhooks: ShopWebhooks,
    private readonly machines: OrderMachines,
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
    await this.#enqueue(manager, connectionId, new Date());
  }

  async #run(batch: TaskBatch): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (connection?.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    const isConnected = connection !== undefined && connection.state !== 'disconnected';
    if (isConnected) await this.health.watch(connection, () => this.#look(connection, batch.signal));
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        if (isConnected) await this.#enqueueNext(manager, batch.groupKey);
      });
    }
  }

  async #look(connection: Connection, signal: AbortSignal): Promise<void> {
    await this.webhooks.lookAfter(connection, signal);
    const { tenantId, id: connectionId } = connection;
    const source = this.sources.of(connection.vendor);
    const cursor = await this.database.transaction(tenantId, (manager) => readCursor(manager, connectionId));
    const since = new Date(Date.parse(cursor ?? new Date().toISOString()) - overlapMs).toISOString();
    for await (const { orders, seenUntil } of source.changedOrders(connection, since, signal)) {
      const news = await newsOf({ database: this.database, machines: this.machines, source, connection, orders, signal });
      await this.database.transaction(tenantId, async (manager) => {
        for (const each of news) await this.#tell(manager, source.vendor, connectionId, each);
        if (seenUntil !== undefined) await moveCursor(manager, tenantId, connectionId, seenUntil);
      });
    }
  }

  async #tell(manager: EntityManager, vendor: ShopVendor, connectionId: string, { change, knownVersion, order: { externalId, modifiedAt, payload } }: OrderNews): Promise<void> {
    // Orders that one look found have nothing to do with each other.
    await tenantContext.run({ ...tenantContext.require(), correlationId: uuid() }, () => this.publisher.publish(manager, orderReceived, {
      // Shops tell times in whole seconds: what is told of a second once more is news to an order that has changed since.
      id: deterministicId('shop-poll', connectionId, externalId, change, modifiedAt, String(knownVersion)),
      subject: `${vendor}/${connectionId}/order/${externalId}`,
      data: { vendor, connectionId, change, externalId, receivedAt: new Date().toISOString(), payload: change === 'deleted' ? {} : payload },
    }));
  }

  async #enqueueNext(manager: EntityManager, connectionId: string): Promise<void> {
    await this.#enqueue(manager, connectionId, new Date(Date.now() + this.everySeconds * 1_000));
  }

  async #enqueue(manager: EntityManager, connectionId: string, notBefore: Date): Promise<void> {
    await this.queue.enqueue(manager, pollTask, {
      recordKey: recordKeyOf(connectionId), groupKey: connectionId, payload: {}, coalesce: true, notBefore,
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
