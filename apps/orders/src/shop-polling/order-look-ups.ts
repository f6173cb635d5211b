import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { Failure, type EventData, type orderReceived } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { OrderSources } from '../order-sources.ts';
import { ClaimedOrders } from '../claims/claimed-orders.ts';
import { orderIdOf, OrderService } from '../order.service.ts';

const lookUpTask = defineTaskKind({ kind: 'orders.look-up', schema: z.object({ externalId: z.string().min(1) }), timeoutMs: 60_000 });
type LookUpPayload = z.infer<typeof lookUpTask.schema>;

/** Asks shops what an order is now, where their messages do not tell which of them is the newest. */
@Injectable()
export class OrderLookUps implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly sources: OrderSources,
    private readonly orders: OrderService,
  ) {}

  onModuleInit(): void {
    this.registry.register(lookUpTask, (batch) => this.#run(batch));
  }

  async enqueue(manager: EntityManager, { connectionId, externalId }: Pick<EventData<typeof orderReceived>, 'connectionId' | 'externalId'>): Promise<void> {
    await this.queue.enqueue(manager, lookUpTask, {
      recordKey: `${connectionId}/order/${externalId}`, groupKey: connectionId, payload: { externalId }, coalesce: true,
    });
  }

  async #run(batch: TaskBatch<LookUpPayload>): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (!connection || connection.state === 'disconnected') throw new Failure('not_found', `The shop of connection ${batch.groupKey} is not connected any more.`);
    if (connection.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    const { vendor, id: connectionId } = connection;
    const source = this.sources.of(vendor);
    for (const task of batch.tasks) {
      const { externalId } = task.payload;
      const found = await this.health.watch(connection, () => source.getOrder(connection, externalId, batch.signal));
      const isThere = found !== undefined && !found.isInBin;
      const isKnown = await this.database.transaction(batch.tenantId, (manager) => isOrderKnown(manager, connectionId, externalId));
      if (!found && !isKnown) {
        await batch.fail(task, new Failure('not_found', `The shop told of order ${externalId}, which the hub never saw, and has it no more: there is nothing to take over.`));
        continue;
      }
      const orderId = orderIdOf(batch.tenantId, { connectionId, externalId });
      const told = { vendor, connectionId, externalId, receivedAt: new Date().toISOString(), payload: found?.payload ?? {} };
      await batch.settle(task, (manager) => ClaimedOrders.change(manager, { told: [{ connectionId, orderId, isNew: !isKnown }] }, async (orders) => {
        // What is in the bin is taken over as it was, and then counts as deleted.
        if (found && !isThere && !isKnown) await this.orders.receive(orders, { ...told, change: 'updated' }, { isLookedUp: true });
        await this.orders.receive(orders, { ...told, change: isThere ? 'updated' : 'deleted' }, { isLookedUp: true });
      }));
    }
  }
}

async function isOrderKnown(manager: EntityManager, connectionId: string, externalId: string): Promise<boolean> {
  return (await manager.query<unknown[]>('SELECT 1 FROM customer_order WHERE connection_id = $1 AND external_id = $2', [connectionId, externalId])).length > 0;
}
