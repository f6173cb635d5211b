import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, type TrackingHistory } from '@crossdock/vendor-shippo';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { usableConnection } from '../usable-connection.ts';
import { isAtItsEnd } from '../shipments/shipment-status.machine.ts';
import type { Shipment } from '../shipments/shipment.entity.ts';
import { claimShipment, findShipment, saveShipment } from '../shipments/shipment.repository.ts';
import { SHIPPING_TIMES, type ShippingTimes } from '../shipping-times.ts';
import { ShippingMetrics } from '../shipping-metrics.ts';
import { TrackingService } from './tracking.service.ts';

/** A parcel is looked at for as long as it may arrive: a failure only delays the next look. */
const lookTask = defineTaskKind({
  kind: 'shipping.look-at-parcel', schema: z.object({ shipmentId: z.uuid() }), timeoutMs: 60_000, maxAttempts: 1_000,
});
type LookPayload = z.infer<typeof lookTask.schema>;

/** Carriers forget parcels; what has not arrived after this is not asked for any more. */
const givenUpAfterMs = 90 * 24 * 60 * 60 * 1_000;

/**
 * Asks carriers about parcels that nobody has heard of for a while, since a webhook may be lost: Shippo repeats it twice only. The
 * calls are background work and wait for the account's budget.
 */
@Injectable()
export class ParcelLookTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly shippo: ShippoClient,
    private readonly tracking: TrackingService,
    private readonly metrics: ShippingMetrics,
    @Inject(SHIPPING_TIMES) private readonly times: ShippingTimes,
  ) {}

  onModuleInit(): void {
    this.registry.register(lookTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload }, failure) => this.#recordRefusal(manager, payload.shipmentId, failure),
    });
  }

  /** Has a parcel looked at when it has been quiet for a while, or at once where it is only known by its number. */
  async enqueue(manager: EntityManager, { shipmentId, connectionId, heardAt, kind }: Shipment): Promise<void> {
    const notBefore = kind === 'elsewhere' && heardAt.getTime() === 0 ? undefined : new Date(heardAt.getTime() + this.times.parcelIsQuietMs);
    await this.queue.enqueue(manager, lookTask, {
      recordKey: `parcel-look/${shipmentId}`, groupKey: connectionId, payload: { shipmentId }, coalesce: true, ...(notBefore && { notBefore }),
    });
  }

  async #run(batch: TaskBatch<LookPayload>): Promise<void> {
    for (const task of batch.tasks) await this.#look(batch, task);
  }

  async #look(batch: TaskBatch<LookPayload>, task: Task<LookPayload>): Promise<void> {
    const shipment = await this.database.transaction(batch.tenantId, (manager) => findShipment(manager, task.payload.shipmentId));
    if (!shipment || isAtItsEnd(shipment.status) || Date.now() - shipment.createdAt.getTime() > givenUpAfterMs) return batch.settle(task);
    const isQuiet = Date.now() - shipment.heardAt.getTime() >= this.times.parcelIsQuietMs;
    if (!isQuiet) return batch.settle(task, (manager) => this.enqueue(manager, shipment));
    const connection = await usableConnection(this.connections, batch.tenantId, shipment.connectionId);
    const { history, isTest } = await this.health.watch(connection, async () => ({
      history: await this.#ask(shipment, connection, batch.signal), isTest: await this.shippo.isTest(connection),
    }));
    this.metrics.looked(shipment, history);
    await batch.settle(task, (manager) => this.#take(manager, shipment, history, isTest));
  }

  /** A parcel whose label was bought elsewhere has to be registered first, so that Shippo sends webhooks for it. */
  async #ask(shipment: Shipment, connection: Parameters<ShippoClient['isTest']>[0], signal: AbortSignal): Promise<TrackingHistory> {
    const { carrier, trackingNumber, shipmentId } = shipment;
    if (carrier === null || trackingNumber === null) throw new Failure('invalid', `Shipment ${shipmentId} has no tracking number.`);
    if (shipment.test === null) return this.shippo.registerTrack(connection, { carrier, trackingNumber, reference: shipmentId }, signal);
    return this.shippo.getTrackingHistory(connection, carrier, trackingNumber, signal);
  }

  /** A parcel that could never be registered is nobody's to follow; one that was is still told of by webhooks. */
  async #recordRefusal(manager: EntityManager, shipmentId: string, { kind, message }: Failure): Promise<void> {
    const shipment = await claimShipment(manager, shipmentId);
    if (shipment?.kind !== 'elsewhere' || shipment.test !== null) return;
    shipment.status = 'failed';
    shipment.statusSince = new Date();
    shipment.failure = { kind, message };
    await saveShipment(manager, shipment);
  }

  async #take(manager: EntityManager, known: Shipment, { updates }: TrackingHistory, isTest: boolean): Promise<void> {
    const { shipmentId, connectionId, carrier } = known;
    await this.tracking.claim(manager, known);
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment || carrier === null) return;
    shipment.test ??= isTest;
    shipment.heardAt = new Date();
    await saveShipment(manager, shipment);
    // The carrier was asked for under the name that the shipment has; in its own answer Shippo may write it otherwise.
    for (const tracking of updates) {
      await this.tracking.takeReport(manager, { connectionId, tracking: { ...tracking, carrier }, test: shipment.test });
    }
    const now = await claimShipment(manager, shipmentId);
    if (now && !isAtItsEnd(now.status)) await this.enqueue(manager, now);
  }
}
