import type { Money, Sample, ShipmentStatus } from '@crossdock/contracts';
import type { PurchaseFailure, Shipment } from './shipment.entity.ts';
import type { TrackingReport } from './tracking-report.entity.ts';

/** A shipment as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export interface ShipmentView {
  readonly id: string;
  readonly connectionId: string;
  readonly status: ShipmentStatus;
  readonly statusSince: string;
  readonly orderId?: string;
  readonly sample?: Sample;
  /** The carrier's token at Shippo, such as `usps`. This and the following are there once the label is bought. */
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly trackingUrl?: string;
  readonly labelUrl?: string;
  readonly service?: string;
  readonly price?: Money;
  /** The label was bought with a test token: no parcel will be carried. */
  readonly test?: boolean;
  readonly deliveredAt?: string;
  /** Why no label could be bought. */
  readonly failure?: PurchaseFailure;
  readonly createdAt: string;
  /** What the carrier reported, in the order in which it happened. */
  readonly tracking: ReadonlyArray<{ readonly status: ShipmentStatus; readonly substatus?: string; readonly occurredAt: string }>;
}

export function viewShipment(shipment: Shipment, reports: readonly TrackingReport[]): ShipmentView {
  const { orderId, sample, carrier, trackingNumber, label, chosenRate, deliveredAt, failure } = shipment;
  return {
    id: shipment.shipmentId,
    connectionId: shipment.connectionId,
    status: shipment.status,
    statusSince: shipment.statusSince.toISOString(),
    ...(orderId !== null && { orderId }),
    ...(sample && { sample }),
    ...(carrier !== null && { carrier }),
    ...(trackingNumber !== null && { trackingNumber }),
    ...(label?.trackingUrl !== undefined && { trackingUrl: label.trackingUrl }),
    ...(label?.labelUrl !== undefined && { labelUrl: label.labelUrl }),
    ...(label && chosenRate?.service !== undefined && { service: chosenRate.service }),
    ...(label && chosenRate && { price: chosenRate.price }),
    ...(label && { test: label.test }),
    ...(deliveredAt && { deliveredAt: deliveredAt.toISOString() }),
    ...(failure && { failure }),
    createdAt: shipment.createdAt.toISOString(),
    tracking: reports.map(({ status, substatus, occurredAt }) => ({
      status, ...(substatus !== null && { substatus }), occurredAt: occurredAt.toISOString(),
    })),
  };
}
