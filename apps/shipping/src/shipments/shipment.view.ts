import { moneySchema, sampleSchema, shipmentStatusSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { TrackingReport } from '../tracking/tracking-report.entity.ts';
import { purchaseFailureSchema, refundSchema, shipmentKindSchema, type Shipment } from './shipment.entity.ts';

/** A shipment as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export const shipmentViewSchema = z.object({
  id: z.uuid(),
  kind: shipmentKindSchema.describe('`elsewhere`: its label was bought elsewhere, and it is only followed.'),
  connectionId: z.uuid(),
  status: shipmentStatusSchema,
  statusSince: timestampSchema,
  orderId: z.uuid().exactOptional(),
  sample: sampleSchema.extend({ contactEmail: sampleSchema.shape.contactEmail.exactOptional().describe('Left out for whoever may not see people’s data.') }).exactOptional(),
  carrier: z.string().exactOptional().describe("The carrier's token at Shippo, such as `usps`. This and the following are there once the label is bought."),
  trackingNumber: z.string().exactOptional(),
  trackingUrl: z.string().exactOptional(),
  labelUrl: z.string().exactOptional(),
  service: z.string().exactOptional(),
  price: moneySchema.exactOptional(),
  commercialInvoiceUrl: z.string().exactOptional().describe('The papers for customs, where the parcel crosses a border and the carrier makes them.'),
  test: z.boolean().exactOptional().describe(`It is of the account's test mode: no parcel will be carried.`),
  returnOf: z.uuid().exactOptional().describe('The shipment that comes back with this one.'),
  refund: refundSchema.exactOptional().describe('What has become of the money for a label that was given back.'),
  deliveredAt: timestampSchema.exactOptional(),
  failure: purchaseFailureSchema.exactOptional().describe('Why no label could be bought.'),
  createdAt: timestampSchema,
  tracking: z.array(z.object({
    status: shipmentStatusSchema,
    substatus: z.string().exactOptional(),
    actionRequired: z.boolean().exactOptional(),
    occurredAt: timestampSchema,
  })).readonly().describe('What the carrier reported, in the order in which it happened.'),
}).meta({ id: 'Shipment' });
export type ShipmentView = z.infer<typeof shipmentViewSchema>;

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
