import { moneySchema, shipmentStatusSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** A shipment as its service shows it. */
export const shipmentNodeSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  connectionId: z.uuid(),
  status: shipmentStatusSchema,
  statusSince: timestampSchema,
  orderId: z.uuid().optional(),
  sample: z.object({ contactEmail: z.string().optional(), campaign: z.string().optional(), product: z.string().optional() }).optional(),
  carrier: z.string().optional(),
  service: z.string().optional(),
  trackingNumber: z.string().optional(),
  trackingUrl: z.string().optional(),
  labelUrl: z.string().optional(),
  price: moneySchema.optional(),
  test: z.boolean().optional(),
  returnOf: z.uuid().optional(),
  deliveredAt: timestampSchema.optional(),
  createdAt: timestampSchema,
});
export type ShipmentNode = z.output<typeof shipmentNodeSchema>;

export const shipmentListSchema = z.object({ shipments: z.array(shipmentNodeSchema), nextCursor: z.string().optional() });
