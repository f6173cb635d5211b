import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OrderFields } from '@crossdock/order-source';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch, type TaskEnd } from '@crossdock/task-queue';
import { plannedForAnyLength, TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { CustomerOrder } from '../order.entity.ts';
import { OrderSources } from '../order-sources.ts';
import type { NewDecision } from '../order.repository.ts';
import { decidedNow, timelineNotes } from '../timeline/decision-rows.ts';

/** Shops run on small hosts: under load a call carries several orders, and one goes after the other. */
const referenceTask = defineTaskKind({
  kind: 'orders.write-reference', schema: z.object({ orderId: z.uuid() }), batchSize: 25, gatherMs: 1_000, mostGatherMs: 2_000, timeoutMs: 60_000,
});
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
    const { connection, references } = await this.database.transaction(batch.tenantId, async (manager) => ({
      connection: await this.connections.findWithin(manager, batch.groupKey),
      references: await findReferences(manager, batch.tasks.map(({ payload }) => payload.orderId)),
    }));
    if (!connection || connection.state === 'disconnected') throw new Failure('not_found', `The shop of connection ${batch.groupKey} is not connected any more.`);
    if (connection.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    const refused: ReadonlyMap<string, Failure> = references.size === 0 ? new Map() : await this.health.watch(connection, () =>
      this.sources.of(connection.vendor).writeFields(connection, [...references.values()], batch.signal));
    const failed = new Map<Task<ReferencePayload>, Failure>();
    const ends: Array<TaskEnd<ReferencePayload>> = [];
    for (const task of batch.tasks) {
      const { orderId } = task.payload;
      const reference = references.get(orderId);
      const failure = reference && refused.get(reference.externalId);
      // An order that the shop has no more needs no reference.
      if (failure && failure.kind !== 'not_found') failed.set(task, failure);
      else ends.push({ task, effect: async (manager) => { if (reference) await this.#note(manager, orderId, decisionOf(reference, failure)); } });
    }
    await batch.settleAll(ends);
    for (const [task, failure] of failed) await batch.fail(task, failure);
  }

  async #note(manager: EntityManager, orderId: string, decision: NewDecision): Promise<void> {
    const noted = decidedNow(orderId, decision);
    await timelineNotes.add(manager, noted.tenantId, [noted]);
  }
}

/** What their shop's orders are to say of those of these orders that have deals, by our orders' ids. */
async function findReferences(manager: EntityManager, orderIds: readonly string[]): Promise<Map<string, OrderFields>> {
  const rows = await manager.query<Array<{ orderId: string; externalId: string; dealId: string }>>(
    `SELECT order_id AS "orderId", external_id AS "externalId", crm_order_id AS "dealId" FROM customer_order
     WHERE order_id = ANY (${plannedForAnyLength('$1', 'uuid[]')}) AND crm_order_id IS NOT NULL`, [orderIds]);
  return new Map(rows.map(({ orderId, externalId, dealId }) => [orderId, { externalId, meta: { [referenceKey]: dealId } }]));
}

function decisionOf({ meta }: OrderFields, refused: Failure | undefined): NewDecision {
  return refused
    ? { kind: 'shop_write_refused', detail: { ...meta, kind: refused.kind, message: refused.message } }
    : { kind: 'shop_written', detail: { ...meta } };
}
