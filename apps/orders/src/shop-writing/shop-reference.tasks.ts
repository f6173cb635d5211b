import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { asFailure, Failure } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { CustomerOrder } from '../order.entity.ts';
import { OrderSources } from '../order-sources.ts';
import { findOrder, writeBooks, type NewDecision } from '../order.repository.ts';

const referenceTask = defineTaskKind({ kind: 'orders.write-reference', schema: z.object({ orderId: z.uuid() }), timeoutMs: 60_000 });
type ReferencePayload = z.infer<typeof referenceTask.schema>;

/** The custom field of a shop's order that keeps the id of its deal in the CRM. */
const referenceKey = 'crm_order_id';

/** Writes into shops' orders under which id the CRM keeps them, for the shop's own people and what else works with its orders. */
@Injectable()
export class ShopReferenceTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly sources: OrderSources,
  ) {}

  onModuleInit(): void {
    this.registry.register(referenceTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload: { orderId } }, { kind, message }) => this.#note(manager, orderId, { kind: 'shop_write_refused', detail: { kind, message } }),
    });
  }

  async enqueue(manager: EntityManager, { orderId, connectionId }: Pick<CustomerOrder, 'orderId' | 'connectionId'>): Promise<void> {
    await this.queue.enqueue(manager, referenceTask, { recordKey: `order/${orderId}/reference`, groupKey: connectionId, payload: { orderId }, coalesce: true });
  }

  async #run(batch: TaskBatch<ReferencePayload>): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (!connection || connection.state === 'disconnected') throw new Failure('not_found', `The shop of connection ${batch.groupKey} is not connected any more.`);
    if (connection.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    for (const task of batch.tasks) {
      const order = await this.database.transaction(batch.tenantId, (manager) => findOrder(manager, task.payload.orderId));
      const decision = order && await this.#write(connection, order, batch.signal);
      await batch.settle(task, async (manager) => { if (decision) await this.#note(manager, task.payload.orderId, decision); });
    }
  }

  /** An order that the shop has no more needs no reference. */
  async #write(connection: Connection, { externalId, crmSync: { dealId } }: CustomerOrder, signal: AbortSignal): Promise<NewDecision | undefined> {
    if (dealId === undefined) return undefined;
    try {
      await this.health.watch(connection, () => this.sources.of(connection.vendor).writeOrder(connection, externalId, { meta: { [referenceKey]: dealId } }, signal));
      return { kind: 'shop_written', detail: { [referenceKey]: dealId } };
    } catch (thrown) {
      const { kind, message } = asFailure(thrown);
      if (kind !== 'not_found') throw thrown;
      return { kind: 'shop_write_refused', detail: { [referenceKey]: dealId, kind, message } };
    }
  }

  async #note(manager: EntityManager, orderId: string, decision: NewDecision): Promise<void> {
    const order = await findOrder(manager, orderId);
    if (order) await writeBooks(manager, order, { decisions: [decision] });
  }
}
