import { deterministicId, orderShipped, sampleStatusField, writeRequested, type ShipmentStatus } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';
import { orderProgress, type OrderParcel } from './order-progress.ts';
import type { Shipment } from './shipment.entity.ts';
import { lockName } from './shipment.repository.ts';

/** What follows elsewhere from a saved change of a shipment's status: for its order, and for the deal that a sample was sent for. */
export async function tellStatus(manager: EntityManager, publisher: EventPublisher, shipment: Shipment): Promise<void> {
  await tellOrder(manager, publisher, shipment);
  await tellDeal(manager, publisher, shipment);
}

/** Two shipments of one order may come to their ends at the same moment; without the lock neither would see the other. */
async function tellOrder(manager: EntityManager, publisher: EventPublisher, { orderId }: Shipment): Promise<void> {
  if (orderId === null) return;
  await lockName(manager, `order-parcels/${orderId}`);
  const parcels = await manager.query<Array<{ shipment_id: string; status: ShipmentStatus; status_since: Date }>>(
    `SELECT shipment_id, status, status_since FROM shipment WHERE order_id = $1 AND kind <> 'return' AND status <> 'voided' ORDER BY shipment_id`, [orderId]);
  const progress = orderProgress(parcels.map(({ shipment_id: shipmentId, status, status_since: since }): OrderParcel => ({ shipmentId, status, since })));
  if (!progress) return;
  const { state, shipmentIds } = progress;
  await publisher.publish(manager, orderShipped, {
    id: deterministicId('shipping.order.shipped', orderId, state, ...shipmentIds),
    subject: `order/${orderId}`,
    data: { orderId, ...progress },
  });
}

async function tellDeal(manager: EntityManager, publisher: EventPublisher, { shipmentId, sample, status }: Shipment): Promise<void> {
  if (!sample?.deal) return;
  const { vendor, connectionId, externalId } = sample.deal;
  const requestId = deterministicId('sample-status', shipmentId, status);
  await publisher.publish(manager, writeRequested, {
    id: requestId,
    subject: `${vendor}/deal/${externalId}`,
    data: {
      vendor, connectionId, object: 'deal', requestId, recordKey: `sample/${connectionId}/${externalId}`.slice(0, 255),
      action: { kind: 'write', target: { externalId }, fields: { [sampleStatusField]: status } },
    },
  });
}
