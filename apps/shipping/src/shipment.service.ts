import { ConnectionStore } from '@crossdock/connections';
import { deterministicId, Failure } from '@crossdock/contracts';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LabelPurchaseTasks } from './label-purchase.tasks.ts';
import { requestHash, type ShipmentRequest } from './shipment-request.ts';
import { Shipment } from './shipment.entity.ts';
import { claimShipment, findReports, findShipment, saveShipment } from './shipment.repository.ts';
import { viewShipment, type ShipmentView } from './shipment.view.ts';

/** The tenant's shipments, as the API asks for them. */
@Injectable()
export class ShipmentService {
  readonly #database: TenantDatabase;
  readonly #connections: ConnectionStore;
  readonly #purchases: LabelPurchaseTasks;

  constructor(database: TenantDatabase, connections: ConnectionStore, purchases: LabelPurchaseTasks) {
    this.#database = database;
    this.#connections = connections;
    this.#purchases = purchases;
  }

  /**
   * Accepts a shipment; its label is bought in the background. The same key with the same request gives the shipment
   * that is there already, in its present state.
   * @throws Failure `conflict` where the key came with another request before, `not_found` for a connection that is
   * not the tenant's, `invalid` for one that cannot buy labels.
   */
  async request(idempotencyKey: string, request: ShipmentRequest): Promise<ShipmentView> {
    const { tenantId } = tenantContext.require();
    const shipmentId = deterministicId('shipment', tenantId, idempotencyKey);
    return this.#database.transaction(tenantId, async (manager) => {
      const existing = await claimShipment(manager, shipmentId);
      if (existing && existing.requestHash !== requestHash(request)) {
        throw new Failure('conflict', 'The Idempotency-Key was used for another request before.');
      }
      if (existing) return viewShipment(existing, await findReports(manager, existing));
      await this.#requireShippo(manager, request.connectionId);
      const shipment = newShipment({ shipmentId, tenantId, idempotencyKey, request });
      await saveShipment(manager, shipment);
      await this.#purchases.enqueue(manager, shipment);
      return viewShipment(shipment, []);
    });
  }

  /** @throws Failure `not_found` where the tenant has no such shipment. */
  async read(shipmentId: string): Promise<ShipmentView> {
    return this.#database.transaction(tenantContext.require().tenantId, async (manager) => {
      const shipment = await findShipment(manager, shipmentId);
      if (!shipment) throw new Failure('not_found', `There is no shipment ${shipmentId}.`);
      return viewShipment(shipment, await findReports(manager, shipment));
    });
  }

  async #requireShippo(manager: EntityManager, connectionId: string): Promise<void> {
    const connection = await this.#connections.findWithin(manager, connectionId);
    if (!connection || connection.state === 'disconnected') {
      throw new Failure('not_found', `There is no connection ${connectionId}.`);
    }
    if (connection.vendor !== 'shippo') {
      throw new Failure('invalid', `Connection ${connectionId} is one to ${connection.vendor}, which sells no labels.`);
    }
  }
}

function newShipment(given: Pick<Shipment, 'shipmentId' | 'tenantId' | 'idempotencyKey' | 'request'>): Shipment {
  const now = new Date();
  return Object.assign(new Shipment(), {
    ...given,
    connectionId: given.request.connectionId,
    requestHash: requestHash(given.request),
    orderId: given.request.orderId ?? null,
    sample: given.request.sample ?? null,
    status: 'requested',
    statusSince: now,
    chosenRate: null,
    label: null,
    carrier: null,
    trackingNumber: null,
    deliveredAt: null,
    failure: null,
    createdAt: now,
  } satisfies Partial<Shipment>);
}
