import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { orderSchema } from '../records/order.ts';
import { timestampSchema, vendorSchema } from '../records/source.ts';

/** A shop told of an order; the body is the shop's own, verified at the edge or fetched from the shop. */
export const orderReceived = defineEvent({
  type: 'commerce.order.received.v1',
  description: 'An order was created, changed, deleted or restored at a shop, as its webhook or a look at the shop told.',
  producers: ['gateway', 'orders'],
  consumers: ['orders'],
  schema: z.object({
    vendor: vendorSchema,
    connectionId: z.uuid(),
    change: z.enum(['created', 'updated', 'deleted', 'restored']),
    externalId: z.string().min(1),
    receivedAt: timestampSchema,
    /** The vendor's record as it came; only `orders` interprets it. */
    payload: z.record(z.string(), z.unknown()),
  }),
});

export const orderChanged = defineEvent({
  type: 'commerce.order.changed.v1',
  description: 'An order is new or has changed, in canonical form.',
  producers: ['orders'],
  consumers: ['attribution'],
  carries: 'state',
  schema: z.object({ orderId: z.uuid(), order: orderSchema, crmOrderId: z.string().optional() }),
});
