import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { asFailure, Failure } from '@crossdock/contracts';
import type { ShopOrder } from '@crossdock/order-source';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { ClaimedOrders } from '../claims/claimed-orders.ts';
import type { CustomerOrder } from '../order.entity.ts';
import { readShopOrder } from '../order-reading.ts';
import { OrderSources } from '../order-sources.ts';
import { findOrder, type NewDecision } from '../order.repository.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import type { OrderMachine } from '../state-machine/order-machine.ts';
import type { ShopWanted } from './shop-wanted.ts';

const writeTask = defineTaskKind({ kind: 'orders.write-to-shop', schema: z.object({ orderId: z.uuid() }), timeoutMs: 60_000 });
type WriteTask = Task<z.infer<typeof writeTask.schema>>;

/** What came of an attempt; `shop` is what the shop says of its order now, and since when. */
interface Written {
  readonly decision: NewDecision;
  readonly shop?: { readonly word: string; readonly modifiedAt: string };
}

/** Tells shops where their orders stand. The shop is looked at first: what happened there meanwhile, and the hub has not heard, is not overwritten unless the state machine allows it. */
@Injectable()
export class ShopWriteTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly sources: OrderSources,
    private readonly machines: OrderMachines,
  ) {}

  onModuleInit(): void {
    this.registry.register(writeTask, (batch) => this.#run(batch), {
      onDead: async (manager, { payload: { orderId } }, { kind, message }) => {
        const order = await findOrder(manager, orderId);
        const status = order?.shopWanted?.status;
        if (status) await this.#end(manager, orderId, status, { decision: { kind: 'shop_write_refused', detail: { status, kind, message } } });
      },
    });
  }

  async enqueue(manager: EntityManager, { orderId, connectionId }: Pick<CustomerOrder, 'orderId' | 'connectionId'>): Promise<void> {
    await this.queue.enqueue(manager, writeTask, { recordKey: `order/${orderId}/shop`, groupKey: connectionId, payload: { orderId } });
  }

  async #run(batch: TaskBatch<z.infer<typeof writeTask.schema>>): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (!connection || connection.state === 'disconnected') throw new Failure('not_found', `The shop of connection ${batch.groupKey} is not connected any more.`);
    if (connection.state === 'needs_reconnect') throw new Failure('unauthorised', `Shop connection ${connection.id} must be reconnected.`);
    for (const task of batch.tasks) await this.#write(batch, task, connection);
  }

  async #write(batch: TaskBatch, task: WriteTask, connection: Connection): Promise<void> {
    const { orderId } = task.payload;
    const { order, machine } = await this.database.transaction(batch.tenantId, async (manager) => ({
      order: await findOrder(manager, orderId), machine: await this.machines.active(manager),
    }));
    if (!order?.shopWanted) return batch.settle(task);
    const { shopWanted: wanted, shopWord: known } = order;
    const written = await this.health.watch(connection, () => this.#tell(connection, order.externalId, { wanted, known, machine }, batch.signal));
    await batch.settle(task, (manager) => this.#end(manager, orderId, wanted.status, written));
  }

  async #tell(connection: Connection, externalId: string, { wanted: { status, by }, known, machine }: { readonly wanted: ShopWanted; readonly known: string; readonly machine: OrderMachine }, signal: AbortSignal): Promise<Written> {
    const source = this.sources.of(connection.vendor);
    const wordOf = ({ payload }: Pick<ShopOrder, 'payload'>): string => readShopOrder(source, payload, { connectionId: connection.id, machine }).shopWord;
    const refused = (detail: NewDecision['detail']): Written => ({ decision: { kind: 'shop_write_refused', detail: { status, ...detail } } });
    const word = machine.shopWordOf(status);
    if (word === undefined) return refused({ message: `The state machine has no word of the shop for ${status}.` });
    const found = await source.getOrder(connection, externalId, signal);
    if (!found) return refused({ message: 'The shop has the order no more.' });
    const present = wordOf(found);
    const from = machine.stateOf('shop', present);
    if (from === status) return { decision: { kind: 'shop_written', detail: { status, word: present, changed: false } }, shop: { word: present, modifiedAt: found.modifiedAt } };
    // What the shop said before the order moved on was decided upon then.
    const isNews = present !== known || found.isInBin;
    const move = isNews && from ? machine.decide({ from, to: status, by, isVerified: true, isDeleted: found.isInBin }) : undefined;
    if (move?.outcome === 'refused') return refused({ found: present, reason: move.reason });
    const written = await source.writeOrder(connection, externalId, { status: word }, signal).catch((thrown: unknown) => asFailure(thrown));
    if (!(written instanceof Failure)) return { decision: { kind: 'shop_written', detail: { status, word: wordOf(written), changed: true } }, shop: { word: wordOf(written), modifiedAt: written.modifiedAt } };
    if (written.kind !== 'invalid') throw written;
    // A shop that has no such status keeps its own; its people read where the order stands.
    await source.writeOrder(connection, externalId, { note: `Crossdock: this order is ${status} by now (${by === 'crm' ? 'as the CRM says' : 'as its parcel says'}). The shop does not take the status "${word}".` }, signal);
    return refused({ word, message: written.message });
  }

  /**
   * Where the order has moved on meanwhile, another task tells the shop that. What the shop told before the hub wrote, and comes late, is older
   * than what is known from then on; what else changed there is told with the write, or found by the next look.
   */
  async #end(manager: EntityManager, orderId: string, status: CustomerOrder['status'], { decision, shop }: Written): Promise<void> {
    await ClaimedOrders.change(manager, { orderIds: [orderId] }, async (orders) => {
      const order = orders.find(orderId);
      if (!order) return;
      if (shop) {
        order.shopWord = shop.word;
        if (shop.modifiedAt > order.canonical.modifiedAt) {
          order.canonical = { ...order.canonical, modifiedAt: shop.modifiedAt };
          order.modifiedAt = new Date(shop.modifiedAt);
        }
      }
      if (order.shopWanted?.status === status) order.shopWanted = null;
      orders.keep(order);
      orders.note(order, { decisions: [decision] });
    });
  }
}
