import { dealFieldsSchema, orderSchema, orderStatusSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** An order as its service shows it, turned into what the graph has of it. */
export const orderNodeSchema = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string(),
  status: orderStatusSchema,
  version: z.int(),
  modifiedAt: timestampSchema,
  deletedAt: timestampSchema.optional(),
  crmOrderId: z.string().optional(),
  crm: z.object({ state: z.string(), connectionId: z.uuid().optional(), contactId: z.string().optional(), dealStatus: dealFieldsSchema.shape.status.optional() }),
  order: orderSchema,
}).transform(({ order: { number, total, placedAt, customer, lines, refunds = [] }, crmOrderId, crm, ...rest }) =>
  ({ ...rest, number, total, placedAt, customer, lines, refunds, crm: { ...crm, dealId: crmOrderId } }));
export type OrderNode = z.output<typeof orderNodeSchema>;

export const orderListSchema = z.object({ items: z.array(orderNodeSchema), nextCursor: z.string().optional() });
