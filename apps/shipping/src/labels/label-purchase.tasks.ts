import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { deterministicId, Failure, shipmentCreated } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, type ShippingLabel } from '@crossdock/vendor-shippo';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { releaseKit, takeKitOut } from '../samples/kit-stock.ts';
import type { ChosenRate, Shipment } from '../shipments/shipment.entity.ts';
import { claimParcel, claimShipment, findShipment, saveShipment } from '../shipments/shipment.repository.ts';
import { tellStatus } from '../shipments/status-news.ts';
import { ShippingMetrics } from '../shipping-metrics.ts';
import { SHIPPING_TIMES, type ShippingTimes } from '../shipping-times.ts';
import { ParcelLookTasks } from '../tracking/parcel-look.tasks.ts';
import { shipmentFacts, TrackingService } from '../tracking/tracking.service.ts';
import { LabelRefundTasks } from './label-refund.tasks.ts';
import { RateSelection } from './rate-selection.ts';
import { usableConnection } from '../usable-connection.ts';

const purchaseTask = defineTaskKind({
  kind: 'shipping.purchase-label',
  schema: z.object({ shipmentId: z.uuid() }),
  timeoutMs: 90_000,
});
type PurchasePayload = z.infer<typeof purchaseTask.schema>;

/** Buys labels: each one once, whatever fails in between. */
@Injectable()
export class LabelPurchaseTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly shippo: ShippoClient,
    private readonly publisher: EventPublisher,
    private readonly rates: RateSelection,
    private readonly refunds: LabelRefundTasks,
    private readonly looks: ParcelLookTasks,
    private readonly tracking: TrackingService,
    private readonly metrics: ShippingMetrics,
    @Inject(SHIPPING_TIMES) private readonly times: ShippingTimes,
  ) {}

  onModuleInit(): void {
    this.registry.register(purchaseTask, (batch) => this.#run(batch), {
      onDead: (manager, task, failure) => this.#recordFailure(manager, task.payload, failure),
    });
  }

  async enqueue(manager: EntityManager, { shipmentId, connectionId }: Shipment): Promise<void> {
    await this.queue.enqueue(manager, purchaseTask, {
      recordKey: `shipment/${shipmentId}`, groupKey: connectionId, payload: { shipmentId },
    });
  }

  async #run(batch: TaskBatch<PurchasePayload>): Promise<void> {
    for (const task of batch.tasks) await this.#purchase(batch, task);
  }

  async #purchase(batch: TaskBatch<PurchasePayload>, task: Task<PurchasePayload>): Promise<void> {
    const { shipmentId } = task.payload;
    const { tenantId, signal } = batch;
    const shipment = await this.database.transaction(tenantId, (manager) => findShipment(manager, shipmentId));
    if (!shipment) throw new Failure('not_found', `There is no shipment ${shipmentId}.`);
    const { request } = shipment;
    if (shipment.label || shipment.status !== 'requested' || !request) return batch.settle(task);
    const connection = await usableConnection(this.connections, tenantId, shipment.connectionId);
    const { rate, label } = await this.health.watch(connection, async () => {
      const chosen = await this.rates.rateToBuy(connection, shipment, request, signal);
      const bought = await this.shippo.buyLabel(connection, {
        rateId: chosen.rateId, reference: shipmentId, begin: () => this.#begin(tenantId, shipmentId),
      }, signal);
      return { rate: chosen, label: bought };
    });
    await batch.settle(task, (manager) => this.#keepLabel(manager, shipment, rate, label));
    this.metrics.label('bought', shipment);
  }

  /**
   * Notes that money is about to be spent. Shippo takes no idempotency key and may go on with a purchase whose caller died, so that
   * a label which is not listed yet is waited for before another one is bought.
   */
  async #begin(tenantId: string, shipmentId: string): Promise<void> {
    await this.database.transaction(tenantId, async (manager) => {
      const shipment = await claimShipment(manager, shipmentId);
      if (shipment?.status !== 'requested') throw new Failure('conflict', `Shipment ${shipmentId} was taken back in this moment; nothing was paid.`);
      const settledInMs = (shipment.purchaseBegunAt?.getTime() ?? 0) + this.times.purchaseSettlesMs - Date.now();
      if (settledInMs > 0) {
        throw new Failure('outcome_unknown', `An earlier purchase for shipment ${shipmentId} may still be under way.`, { retryAfterMs: settledInMs });
      }
      shipment.purchaseBegunAt = new Date();
      await saveShipment(manager, shipment);
    });
  }

  async #keepLabel(manager: EntityManager, known: Shipment, rate: ChosenRate, bought: ShippingLabel): Promise<void> {
    const { shipmentId, connectionId } = known;
    const { transactionId, trackingNumber, labelUrl, trackingUrl, commercialInvoiceUrl, test } = bought;
    await claimParcel(manager, { connectionId, carrier: rate.carrier, trackingNumber });
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment || shipment.label) return;
    const now = new Date();
    Object.assign(shipment, {
      status: 'label_purchased',
      statusSince: now,
      heardAt: now,
      carrier: rate.carrier,
      trackingNumber,
      test,
      label: {
        transactionId, test, ...(labelUrl !== undefined && { labelUrl }), ...(trackingUrl !== undefined && { trackingUrl }),
        ...(commercialInvoiceUrl !== undefined && { commercialInvoiceUrl }),
      },
      failure: null,
    } satisfies Partial<Shipment>);
    await saveShipment(manager, shipment);
    await takeKitOut(manager, shipmentId);
    await this.publisher.publish(manager, shipmentCreated, {
      subject: `shipment/${shipmentId}`,
      id: deterministicId('shipping.shipment.created', shipmentId),
      data: { ...shipmentFacts(shipment), carrier: rate.carrier, trackingNumber, createdAt: now.toISOString() },
    });
    await tellStatus(manager, this.publisher, shipment);
    await this.tracking.advance(manager, shipment);
    await this.looks.enqueue(manager, shipment);
    if (shipment.refund?.state === 'asked') await this.refunds.giveBack(manager, shipment);
  }

  async #recordFailure(manager: EntityManager, { shipmentId }: PurchasePayload, { kind, message }: Failure): Promise<void> {
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment || shipment.label || shipment.status !== 'requested') return;
    shipment.status = 'failed';
    shipment.statusSince = new Date();
    shipment.failure = { kind, message };
    const isTakenBack = shipment.refund?.state === 'asked' && kind === 'invalid';
    shipment.refund = null;
    await saveShipment(manager, shipment);
    await releaseKit(manager, shipmentId);
    await tellStatus(manager, this.publisher, shipment);
    if (isTakenBack) await this.refunds.giveBack(manager, shipment);
    this.metrics.label('failed', shipment);
  }
}
