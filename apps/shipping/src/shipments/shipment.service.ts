import { ConnectionStore } from '@crossdock/connections';
import { deterministicId, Failure, shipmentCreated } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LabelPurchaseTasks } from '../labels/label-purchase.tasks.ts';
import { LabelRefundTasks } from '../labels/label-refund.tasks.ts';
import { reserveKit } from '../samples/kit-stock.ts';
import { ParcelLookTasks } from '../tracking/parcel-look.tasks.ts';
import { shipmentFacts, TrackingService } from '../tracking/tracking.service.ts';
import { newShipment, requestHash, type NewShipment } from './new-shipment.ts';
import type { FollowRequest, ReturnRequest, ShipmentRequest } from './shipment-request.ts';
import { listShipments, type ShipmentPage, type ShipmentQuery } from './shipment-page.ts';
import type { Shipment } from './shipment.entity.ts';
import { claimShipment, findReports, findShipment, saveShipment } from './shipment.repository.ts';
import { viewShipment, type ShipmentView } from './shipment.view.ts';

type Asked = Pick<NewShipment, 'connectionId' | 'kind' | 'request' | 'returnOf' | 'orderId' | 'sample' | 'parcel' | 'batchId'>;

/** The tenant's shipments, as the API asks for them. */
@Injectable()
export class ShipmentService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly purchases: LabelPurchaseTasks,
    private readonly refunds: LabelRefundTasks,
    private readonly looks: ParcelLookTasks,
    private readonly tracking: TrackingService,
    private readonly publisher: EventPublisher,
  ) {}

  /**
   * Accepts a shipment; its label is bought in the background. The same key with the same request gives the shipment
   * that is there already, in its present state.
   * @throws Failure `conflict` where the key came with another request before or too few sample kits are left, `not_found` for a
   * connection or kit that is not the tenant's, `invalid` for a connection that cannot buy labels.
   */
  async request(idempotencyKey: string, request: ShipmentRequest): Promise<ShipmentView> {
    return this.database.transaction(tenantContext.require().tenantId, (manager) => this.requestWithin(manager, idempotencyKey, request));
  }

  /** The same in a tenant's transaction that is already running. @throws Failure before anything is written. */
  async requestWithin(manager: EntityManager, idempotencyKey: string, request: ShipmentRequest, batchId?: string): Promise<ShipmentView> {
    const { connectionId, orderId, sample } = request;
    return this.#acceptWithin(manager, idempotencyKey, request, async () => ({ connectionId, kind: 'outbound', request, orderId, sample, batchId }));
  }

  /**
   * Accepts a label for the way back of a shipment, at the same carrier. Where the carrier makes labels that are paid for when they
   * are used, it is one of those.
   * @throws Failure as `request`, and `conflict` where the shipment has no label of ours to come back by.
   */
  async requestReturn(idempotencyKey: string, shipmentId: string, { parcel, customs }: ReturnRequest): Promise<ShipmentView> {
    return this.#accept(idempotencyKey, { shipmentId, parcel, customs }, async (manager) => {
      const { request: there, carrier, label, connectionId, orderId } = await this.#require(manager, shipmentId);
      if (!there || !label || carrier === null) throw new Failure('conflict', `Shipment ${shipmentId} has no label that was bought here, so none for the way back.`);
      const { from, to, customs: declared } = there;
      const declaration = customs ?? (declared && { ...declared, contentsType: 'return_merchandise' as const });
      const request: ShipmentRequest = {
        connectionId, from, to, parcel: parcel ?? there.parcel, ...(declaration && { customs: declaration }), carrierPreference: carrier,
      };
      return { connectionId, kind: 'return', request, returnOf: shipmentId, orderId: orderId ?? undefined };
    });
  }

  /** Follows a parcel whose label was bought elsewhere, and says so. @throws Failure as `request`. */
  async follow(idempotencyKey: string, request: FollowRequest): Promise<ShipmentView> {
    const { connectionId, carrier, trackingNumber, orderId, sample } = request;
    return this.#accept(idempotencyKey, request, async () => ({
      connectionId, kind: 'elsewhere', orderId, sample, parcel: { carrier, trackingNumber },
    }));
  }

  /** @throws Failure `not_found` where the tenant has no such shipment. */
  async read(shipmentId: string): Promise<ShipmentView> {
    return this.database.transaction(tenantContext.require().tenantId, async (manager) => {
      const shipment = await findShipment(manager, shipmentId);
      if (!shipment) throw new Failure('not_found', `There is no shipment ${shipmentId}.`);
      return viewShipment(shipment, await findReports(manager, shipment));
    });
  }

  /** The tenant's shipments, newest first. */
  async list(query: ShipmentQuery): Promise<ShipmentPage> {
    return this.database.transaction(tenantContext.require().tenantId, (manager) => listShipments(manager, query));
  }

  /** Takes a shipment back before it goes out; what was paid is asked back. @throws Failure `conflict` where it is on its way. */
  async takeBack(shipmentId: string): Promise<ShipmentView> {
    return this.#change(shipmentId, (manager, shipment) => this.refunds.giveBack(manager, shipment));
  }

  /**
   * Tries again to buy the label of a shipment that failed: with a new rate, unless the one before turns out to be bought.
   * @throws Failure `conflict` where there is nothing to try again, or the kits are gone meanwhile.
   */
  async tryAgain(shipmentId: string): Promise<ShipmentView> {
    return this.#change(shipmentId, async (manager, shipment) => {
      if (shipment.status !== 'failed' || shipment.label) throw new Failure('conflict', `Shipment ${shipmentId} has not failed for want of a label.`);
      const { request, chosenRate } = shipment;
      shipment.status = 'requested';
      shipment.statusSince = new Date();
      shipment.failure = null;
      if (chosenRate) shipment.chosenRate = { ...chosenRate, chosenAt: new Date(0).toISOString() };
      await saveShipment(manager, shipment);
      if (request?.kit) await reserveKit(manager, shipment.tenantId, shipmentId, request.kit);
      await this.purchases.enqueue(manager, shipment);
    });
  }

  async #accept(idempotencyKey: string, body: object, prepare: (manager: EntityManager) => Promise<Asked>): Promise<ShipmentView> {
    return this.database.transaction(tenantContext.require().tenantId, (manager) => this.#acceptWithin(manager, idempotencyKey, body, prepare));
  }

  async #acceptWithin(manager: EntityManager, idempotencyKey: string, body: object, prepare: (manager: EntityManager) => Promise<Asked>): Promise<ShipmentView> {
    const { tenantId } = tenantContext.require();
    const shipmentId = deterministicId('shipment', tenantId, idempotencyKey);
    const existing = await claimShipment(manager, shipmentId);
    if (existing && existing.requestHash !== requestHash(body)) {
      throw new Failure('conflict', 'The Idempotency-Key was used for another request before.');
    }
    if (existing) return viewShipment(existing, await findReports(manager, existing));
    const asked = await prepare(manager);
    await this.#requireShippo(manager, asked.connectionId);
    const shipment = newShipment({ ...asked, shipmentId, tenantId, idempotencyKey, requestHash: requestHash(body) });
    if (asked.parcel) return this.#beginToFollow(manager, shipment, asked.parcel);
    if (asked.request?.kit) await reserveKit(manager, tenantId, shipmentId, asked.request.kit);
    await saveShipment(manager, shipment);
    await this.purchases.enqueue(manager, shipment);
    return viewShipment(shipment, []);
  }

  async #beginToFollow(manager: EntityManager, shipment: Shipment, { carrier, trackingNumber }: { carrier: string; trackingNumber: string }): Promise<ShipmentView> {
    const { shipmentId, createdAt } = shipment;
    await this.tracking.claimNew(manager, shipment);
    await saveShipment(manager, shipment);
    await this.publisher.publish(manager, shipmentCreated, {
      subject: `shipment/${shipmentId}`,
      id: deterministicId('shipping.shipment.created', shipmentId),
      data: { ...shipmentFacts(shipment), carrier, trackingNumber, createdAt: createdAt.toISOString() },
    });
    await this.tracking.advance(manager, shipment);
    await this.looks.enqueue(manager, shipment);
    return viewShipment(shipment, await findReports(manager, shipment));
  }

  async #change(shipmentId: string, change: (manager: EntityManager, shipment: Shipment) => Promise<void>): Promise<ShipmentView> {
    return this.database.transaction(tenantContext.require().tenantId, async (manager) => {
      const shipment = await this.#require(manager, shipmentId);
      await change(manager, shipment);
      return viewShipment(shipment, await findReports(manager, shipment));
    });
  }

  async #require(manager: EntityManager, shipmentId: string): Promise<Shipment> {
    const shipment = await claimShipment(manager, shipmentId);
    if (!shipment) throw new Failure('not_found', `There is no shipment ${shipmentId}.`);
    return shipment;
  }

  async #requireShippo(manager: EntityManager, connectionId: string): Promise<void> {
    const connection = await this.connections.findWithin(manager, connectionId);
    if (!connection || connection.state === 'disconnected') {
      throw new Failure('not_found', `There is no connection ${connectionId}.`);
    }
    if (connection.vendor !== 'shippo') {
      throw new Failure('invalid', `Connection ${connectionId} is one to ${connection.vendor}, which sells no labels.`);
    }
  }
}
