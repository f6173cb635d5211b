import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { deterministicId, Failure, shipmentVoided } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, type RefundState } from '@crossdock/vendor-shippo';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { releaseKit } from '../samples/kit-stock.ts';
import { canFollow } from '../shipments/shipment-status.machine.ts';
import type { Shipment } from '../shipments/shipment.entity.ts';
import { claimShipment, findShipment, saveShipment } from '../shipments/shipment.repository.ts';
import { tellStatus } from '../shipments/status-news.ts';
import { SHIPPING_TIMES, type ShippingTimes } from '../shipping-times.ts';
import { shipmentFacts } from '../tracking/tracking.service.ts';
import { usableConnection } from '../usable-connection.ts';

const refundTask = defineTaskKind({
  kind: 'shipping.refund-label', schema: z.object({ shipmentId: z.uuid() }), timeoutMs: 60_000,
});
type RefundPayload = z.infer<typeof refundTask.schema>;

/** Gives labels back, once each, and looks until the carrier has decided whether it pays. */
@Injectable()
export class LabelRefundTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly shippo: ShippoClient,
    private readonly publisher: EventPublisher,
    @Inject(SHIPPING_TIMES) private readonly times: ShippingTimes,
  ) {}

  onModuleInit(): void {
    this.registry.register(refundTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload }) => this.#keep(manager, payload.shipmentId, 'rejected'),
    });
  }

  /**
   * Takes a claimed shipment back: it will not go out. Its label, where it has one, is given back in the background.
   * @throws Failure `conflict` where the carrier has the parcel already, `invalid` where there is nothing of ours to give back.
   */
  async giveBack(manager: EntityManager, shipment: Shipment): Promise<void> {
    const { shipmentId, status, label, kind } = shipment;
    if (status === 'voided') return;
    if (kind === 'elsewhere') throw new Failure('invalid', `The label of shipment ${shipmentId} was bought elsewhere; give it back there.`);
    if (!canFollow(status, 'voided')) throw new Failure('conflict', `Shipment ${shipmentId} is ${status}; it cannot be taken back any more.`);
    const now = new Date();
    if (!label && shipment.purchaseBegunAt && status === 'requested') {
      shipment.refund = { state: 'asked', askedAt: now.toISOString() };
      return saveShipment(manager, shipment);
    }
    shipment.status = 'voided';
    shipment.statusSince = now;
    shipment.refund = label ? { state: 'pending', askedAt: shipment.refund?.askedAt ?? now.toISOString() } : null;
    await saveShipment(manager, shipment);
    await releaseKit(manager, shipmentId);
    if (label) await this.#enqueue(manager, shipment);
    await this.publisher.publish(manager, shipmentVoided, {
      subject: `shipment/${shipmentId}`,
      id: deterministicId('shipping.shipment.voided', shipmentId),
      data: { ...shipmentFacts(shipment), voidedAt: now.toISOString() },
    });
    await tellStatus(manager, this.publisher, shipment);
  }

  async #enqueue(manager: EntityManager, { shipmentId, connectionId }: Shipment, notBefore?: Date): Promise<void> {
    await this.queue.enqueue(manager, refundTask, {
      recordKey: `refund/${shipmentId}`, groupKey: connectionId, payload: { shipmentId }, ...(notBefore && { notBefore }),
    });
  }

  async #run(batch: TaskBatch<RefundPayload>): Promise<void> {
    for (const task of batch.tasks) await this.#refund(batch, task);
  }

  async #refund(batch: TaskBatch<RefundPayload>, task: Task<RefundPayload>): Promise<void> {
    const { shipmentId } = task.payload;
    const shipment = await this.database.transaction(batch.tenantId, (manager) => findShipment(manager, shipmentId));
    const transactionId = shipment?.label?.transactionId;
    if (!shipment || transactionId === undefined) return batch.settle(task);
    const connection = await usableConnection(this.connections, batch.tenantId, shipment.connectionId);
    const state = await this.health.watch(connection, () => this.shippo.refundLabel(connection, transactionId, batch.signal));
    await batch.settle(task, async (manager) => {
      await this.#keep(manager, shipmentId, state);
      if (state === 'pending') await this.#enqueue(manager, shipment, new Date(Date.now() + this.times.refundLookMs));
    });
  }

  async #keep(manager: EntityManager, shipmentId: string, state: Exclude<RefundState, 'kept'>): Promise<void> {
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment?.refund) return;
    shipment.refund = { ...shipment.refund, state };
    await saveShipment(manager, shipment);
  }
}
