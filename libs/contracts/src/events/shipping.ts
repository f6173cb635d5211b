import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { sampleSchema, shipmentStatusSchema, trackingUpdateSchema } from '../records/shipment.ts';
import { timestampSchema } from '../records/source.ts';

export const trackingReceived = defineEvent({
  type: 'shipping.tracking.received.v1',
  description: 'The shipping vendor reported a tracking status by webhook.',
  producers: ['gateway'],
  consumers: ['shipping'],
  schema: z.object({ connectionId: z.uuid(), tracking: trackingUpdateSchema, test: z.boolean() }),
});

const shipmentShape = {
  shipmentId: z.uuid(),
  status: shipmentStatusSchema,
  orderId: z.uuid().optional(),
  sample: sampleSchema.optional(),
  /** The shipment that comes back with this one. */
  returnOf: z.uuid().optional(),
};

export const shipmentCreated = defineEvent({
  type: 'shipping.shipment.created.v1',
  description: 'A label was bought; the shipment can go out.',
  producers: ['shipping'],
  consumers: ['attribution'],
  schema: z.object({
    ...shipmentShape,
    carrier: z.string(),
    trackingNumber: z.string(),
    createdAt: timestampSchema,
  }),
});

export const trackingUpdated = defineEvent({
  type: 'shipping.tracking.updated.v1',
  description: 'A shipment moved to a new status; statuses never go backward.',
  producers: ['shipping'],
  consumers: [],
  schema: z.object({ ...shipmentShape, previousStatus: shipmentStatusSchema, tracking: trackingUpdateSchema }),
});

export const shipmentDelivered = defineEvent({
  type: 'shipping.shipment.delivered.v1',
  description: 'The carrier delivered a shipment.',
  producers: ['shipping'],
  consumers: ['attribution'],
  schema: z.object({ ...shipmentShape, deliveredAt: timestampSchema }),
});

/** Said once all of an order's shipments have come so far; those for the way back and those taken back do not count. */
export const orderShipped = defineEvent({
  type: 'shipping.order.shipped.v1',
  description: 'All shipments of an order are on their way, or all are delivered.',
  producers: ['shipping'],
  consumers: ['orders'],
  schema: z.object({
    orderId: z.uuid(),
    state: z.enum(['on_the_way', 'delivered']),
    shipmentIds: z.array(z.uuid()).min(1),
    /** When the last of them came so far. */
    since: timestampSchema,
  }),
});

export const shipmentVoided = defineEvent({
  type: 'shipping.shipment.voided.v1',
  description: 'A shipment will not go out: it was taken back before or after its label was bought.',
  producers: ['shipping'],
  consumers: [],
  schema: z.object({ ...shipmentShape, voidedAt: timestampSchema }),
});
