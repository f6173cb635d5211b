import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { deterministicId, Failure, shipmentCreated } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, type ShippingLabel } from '@crossdock/vendor-shippo';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { chooseRate } from './rate-choice.ts';
import type { ChosenRate, Shipment } from './shipment.entity.ts';
import { claimParcel, claimShipment, findShipment, saveShipment } from './shipment.repository.ts';
import { shipmentFacts, TrackingService } from './tracking.service.ts';

const purchaseTask = defineTaskKind({
  kind: 'shipping.purchase-label',
  schema: z.object({ shipmentId: z.uuid() }),
  timeoutMs: 90_000,
});
type PurchasePayload = z.infer<typeof purchaseTask.schema>;

/** Shippo's rates hold for seven days; one this old is not bought any more, since a task may have rested meanwhile. */
const rateHoldsMs = 6.5 * 24 * 60 * 60 * 1_000;

/** Buys labels: each one once, whatever fails in between. */
@Injectable()
export class LabelPurchaseTasks implements OnModuleInit {
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #database: TenantDatabase;
  readonly #connections: ConnectionStore;
  readonly #health: ConnectionHealth;
  readonly #shippo: ShippoClient;
  readonly #publisher: EventPublisher;
  readonly #tracking: TrackingService;

  constructor(
    queue: TaskQueue, registry: TaskRegistry, database: TenantDatabase, connections: ConnectionStore,
    health: ConnectionHealth, shippo: ShippoClient, publisher: EventPublisher, tracking: TrackingService,
  ) {
    this.#queue = queue;
    this.#registry = registry;
    this.#database = database;
    this.#connections = connections;
    this.#health = health;
    this.#shippo = shippo;
    this.#publisher = publisher;
    this.#tracking = tracking;
  }

  onModuleInit(): void {
    this.#registry.register(purchaseTask, (batch) => this.#run(batch), {
      onDead: (manager, task, failure) => recordFailure(manager, task.payload, failure),
    });
  }

  async enqueue(manager: EntityManager, { shipmentId, connectionId }: Shipment): Promise<void> {
    await this.#queue.enqueue(manager, purchaseTask, {
      recordKey: `shipment/${shipmentId}`, groupKey: connectionId, payload: { shipmentId },
    });
  }

  async #run(batch: TaskBatch<PurchasePayload>): Promise<void> {
    for (const task of batch.tasks) await this.#purchase(batch, task);
  }

  async #purchase(batch: TaskBatch<PurchasePayload>, task: Task<PurchasePayload>): Promise<void> {
    const { shipmentId } = task.payload;
    const { tenantId, signal } = batch;
    const shipment = await this.#database.transaction(tenantId, (manager) => findShipment(manager, shipmentId));
    if (!shipment) throw new Failure('not_found', `There is no shipment ${shipmentId}.`);
    if (shipment.label) return batch.settle(task);
    const connection = await this.#usableConnection(tenantId, shipment.connectionId);
    const { rate, label } = await this.#health.watch(connection, async () => {
      const chosen = await this.#rateToBuy(connection, shipment, signal);
      return { rate: chosen, label: await this.#shippo.buyLabel(connection, chosen.rateId, shipmentId, signal) };
    });
    await batch.settle(task, (manager) => this.#keepLabel(manager, shipment, rate, label));
  }

  async #usableConnection(tenantId: string, connectionId: string): Promise<Connection> {
    const connection = await this.#connections.find(tenantId, connectionId);
    if (!connection) throw new Failure('not_found', `The tenant has no connection ${connectionId}.`);
    if (connection.state === 'needs_reconnect' || connection.state === 'disconnected') {
      throw new Failure('unauthorised', `Connection ${connectionId} is ${connection.state}; connect the account again.`);
    }
    return connection;
  }

  /** The rate chosen before, where it still holds or its label was bought; else a new one, kept before it is bought. */
  async #rateToBuy(connection: Connection, shipment: Shipment, signal: AbortSignal): Promise<ChosenRate> {
    const { chosenRate, request, shipmentId } = shipment;
    if (chosenRate) {
      const holds = Date.now() - Date.parse(chosenRate.chosenAt) < rateHoldsMs;
      if (holds || await this.#shippo.findLabel(connection, chosenRate.rateId, signal)) return chosenRate;
    }
    const { from, to, parcel, carrierPreference } = request;
    const rated = await this.#shippo.createShipmentWithRates(connection, { from, to, parcel, reference: shipmentId }, signal);
    const cheapest = chooseRate(rated.rates, carrierPreference);
    if (!cheapest) throw new Failure('invalid', `No carrier offers a rate for shipment ${shipmentId}.`);
    const rate: ChosenRate = {
      vendorShipmentId: rated.shipmentId,
      rateId: cheapest.id,
      carrier: cheapest.carrier,
      ...(cheapest.service !== undefined && { service: cheapest.service }),
      price: cheapest.price,
      chosenAt: new Date().toISOString(),
    };
    return this.#database.transaction(shipment.tenantId, (manager) => keepRate(manager, shipment, rate));
  }

  async #keepLabel(manager: EntityManager, known: Shipment, rate: ChosenRate, bought: ShippingLabel): Promise<void> {
    const { shipmentId, connectionId } = known;
    const { transactionId, trackingNumber, labelUrl, trackingUrl, test } = bought;
    await claimParcel(manager, { connectionId, carrier: rate.carrier, trackingNumber });
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment || shipment.label) return;
    const now = new Date();
    Object.assign(shipment, {
      status: 'label_purchased',
      statusSince: now,
      carrier: rate.carrier,
      trackingNumber,
      label: { transactionId, test, ...(labelUrl !== undefined && { labelUrl }), ...(trackingUrl !== undefined && { trackingUrl }) },
      failure: null,
    } satisfies Partial<Shipment>);
    await saveShipment(manager, shipment);
    await this.#publisher.publish(manager, shipmentCreated, {
      subject: `shipment/${shipmentId}`,
      id: deterministicId('shipping.shipment.created', shipmentId),
      data: { ...shipmentFacts(shipment), carrier: rate.carrier, trackingNumber, createdAt: now.toISOString() },
    });
    await this.#tracking.advance(manager, shipment);
  }
}

/** Keeps a rate unless another worker has meanwhile kept one; then that one is to be bought. */
async function keepRate(manager: EntityManager, known: Shipment, rate: ChosenRate): Promise<ChosenRate> {
  const shipment = await claimShipment(manager, known.shipmentId);
  if (!shipment) throw new Failure('not_found', `There is no shipment ${known.shipmentId}.`);
  if (shipment.chosenRate && shipment.chosenRate.rateId !== known.chosenRate?.rateId) return shipment.chosenRate;
  shipment.chosenRate = rate;
  await saveShipment(manager, shipment);
  return rate;
}

async function recordFailure(manager: EntityManager, { shipmentId }: PurchasePayload, { kind, message }: Failure): Promise<void> {
  const shipment = await claimShipment(manager, shipmentId);
  if (!shipment || shipment.label) return;
  shipment.status = 'failed';
  shipment.statusSince = new Date();
  shipment.failure = { kind, message };
  await saveShipment(manager, shipment);
}
