import { tenantContext } from '@crossdock/tenancy';
import { In, type EntityManager } from 'typeorm';
import { Shipment } from './shipment.entity.ts';
import { TrackingReport } from '../tracking/tracking-report.entity.ts';

/** What a parcel is known by at its carrier, as one connection tells it. */
export type TrackedParcel = Pick<TrackingReport, 'connectionId' | 'carrier' | 'trackingNumber'>;

/** Reads a shipment to change it; nobody else does so until the transaction ends, also where it does not exist yet. */
export async function claimShipment(manager: EntityManager, shipmentId: string): Promise<Shipment | undefined> {
  await lockName(manager, `shipment/${shipmentId}`);
  return findShipment(manager, shipmentId);
}

/** The same for several, those that there are; locked in the order of their ids. */
export async function claimShipments(manager: EntityManager, shipmentIds: readonly string[]): Promise<Shipment[]> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('shipment/' || id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) AS ids`, [shipmentIds]);
  return manager.findBy(Shipment, { shipmentId: In([...shipmentIds]) });
}

/**
 * Makes others who work on this tracking number wait until the transaction ends. A label and its first report may come
 * at the same moment; without this neither would see the other. It is claimed before the shipment, never after.
 */
export async function claimParcel(manager: EntityManager, parcel: TrackedParcel): Promise<void> {
  await lockName(manager, `parcel/${parcel.connectionId}/${parcel.carrier}/${parcel.trackingNumber}`);
}

/** The shipment, or undefined where the tenant has none with this id. */
export async function findShipment(manager: EntityManager, shipmentId: string): Promise<Shipment | undefined> {
  return (await manager.findOneBy(Shipment, { shipmentId })) ?? undefined;
}

/** The newest shipments of each of these orders, at most so many of one. */
export async function findShipmentsOfOrders(manager: EntityManager, orderIds: readonly string[], mostOfOne: number): Promise<Shipment[]> {
  const rows = await manager.query<Array<{ shipment_id: string }>>(
    `SELECT newest.shipment_id FROM unnest($2::uuid[]) AS wanted (order_id) CROSS JOIN LATERAL (
       SELECT shipment_id FROM shipment WHERE tenant_id = $1 AND shipment.order_id = wanted.order_id ORDER BY created_at DESC, shipment_id DESC LIMIT $3) AS newest`,
    [tenantContext.require().tenantId, [...new Set(orderIds)], mostOfOne]);
  return manager.find(Shipment, { where: { shipmentId: In(rows.map(({ shipment_id: id }) => id)) }, order: { createdAt: 'DESC', shipmentId: 'DESC' } });
}

/** The id of the shipment whose label has this tracking number. */
export async function findShipmentIdOf(manager: EntityManager, parcel: TrackedParcel): Promise<string | undefined> {
  const { connectionId, carrier, trackingNumber } = parcel;
  const found = await manager.findOne(Shipment, { where: { connectionId, carrier, trackingNumber }, select: { shipmentId: true } });
  return found?.shipmentId;
}

/** Stores a shipment that was claimed before. */
export async function saveShipment(manager: EntityManager, shipment: Shipment): Promise<void> {
  shipment.updatedAt = new Date();
  await manager.save(Shipment, shipment);
}

/** Stores a report. @returns whether it is new. */
export async function keepReport(manager: EntityManager, report: TrackingReport): Promise<boolean> {
  const { reportId, tenantId, connectionId, carrier, trackingNumber, status, substatus, actionRequired, occurredAt, test } = report;
  const stored = await manager.query<unknown[]>(
    `INSERT INTO tracking_report (report_id, tenant_id, connection_id, carrier, tracking_number, status, substatus, action_required, occurred_at, test)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING 1`,
    [reportId, tenantId, connectionId, carrier, trackingNumber, status, substatus, actionRequired, occurredAt, test],
  );
  return stored.length > 0;
}

/** What was reported of a shipment, in the order in which it happened. Test reports say nothing about a real parcel. */
export async function findReports(manager: EntityManager, shipment: Shipment): Promise<TrackingReport[]> {
  const { connectionId, carrier, trackingNumber, test } = shipment;
  if (carrier === null || trackingNumber === null) return [];
  return manager.find(TrackingReport, {
    where: { connectionId, carrier, trackingNumber, ...(test !== null && { test }) },
    order: { occurredAt: 'ASC', reportId: 'ASC' },
  });
}

/** Makes others who ask for the same name wait until the transaction ends. */
export async function lockName(manager: EntityManager, name: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
