import type { Money, Sample, ShipmentStatus } from '@crossdock/contracts';
import type { TrackingReport } from '../tracking/tracking-report.entity.ts';
import type { LabelRefund, PurchaseFailure, Shipment, ShipmentKind } from './shipment.entity.ts';

/** A shipment as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export interface ShipmentView {
  readonly id: string;
  /** `elsewhere`: its label was bought elsewhere, and it is only followed. */
  readonly kind: ShipmentKind;
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
  /** The papers for customs, where the parcel crosses a border and the carrier makes them. */
  readonly commercialInvoiceUrl?: string;
  /** It is of the account's test mode: no parcel will be carried. */
  readonly test?: boolean;
  /** The shipment that comes back with this one. */
  readonly returnOf?: string;
  /** What has become of the money for a label that was given back. */
  readonly refund?: LabelRefund;
  readonly deliveredAt?: string;
  /** Why no label could be bought. */
  readonly failure?: PurchaseFailure;
  readonly createdAt: string;
  /** What the carrier reported, in the order in which it happened. */
  readonly tracking: ReadonlyArray<{
    readonly status: ShipmentStatus; readonly substatus?: string; readonly actionRequired?: boolean; readonly occurredAt: string;
  }>;
}

/** As it stands in lists, without its tracking. */
export function viewShipmentInList(shipment: Shipment): Omit<ShipmentView, 'tracking'> {
  const { tracking: _none, ...view } = viewShipment(shipment, []);
  return view;
}

export function viewShipment(shipment: Shipment, reports: readonly TrackingReport[]): ShipmentView {
  const { orderId, sample, carrier, trackingNumber, label, chosenRate, deliveredAt, failure, test, returnOf, refund } = shipment;
  return {
    id: shipment.shipmentId,
    kind: shipment.kind,
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
    ...(label?.commercialInvoiceUrl !== undefined && { commercialInvoiceUrl: label.commercialInvoiceUrl }),
    ...(test !== null && { test }),
    ...(returnOf !== null && { returnOf }),
    ...(refund && { refund }),
    ...(deliveredAt && { deliveredAt: deliveredAt.toISOString() }),
    ...(failure && { failure }),
    createdAt: shipment.createdAt.toISOString(),
    tracking: reports.map(({ status, substatus, actionRequired, occurredAt }) => ({
      status, ...(substatus !== null && { substatus }), ...(actionRequired !== null && { actionRequired }), occurredAt: occurredAt.toISOString(),
    })),
  };
}
