import { z } from 'zod';
import { contactFieldsSchema } from './contact.ts';
import { moneySchema } from './money.ts';
import { sourcedRecordShape, timestampSchema } from './source.ts';

/** Where an order stands, whatever the shop calls it. */
export const orderStatusSchema = z.enum([
  'pending', 'on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'refunded', 'failed',
]);
export type OrderStatus = z.infer<typeof orderStatusSchema>;

const orderLineSchema = z.object({
  externalId: z.string().min(1),
  name: z.string(),
  sku: z.string().optional(),
  quantity: z.number(),
  total: moneySchema,
});

/** What an order costs beside its goods. */
const orderChargeSchema = z.object({
  externalId: z.string().min(1),
  /** `tax` is that of all lines and charges, which are without it. */
  kind: z.enum(['shipping', 'fee', 'tax']),
  /** As the shop calls it. */
  name: z.string(),
  /** Below zero for a fee that takes something off. */
  total: moneySchema,
});

/** Money that went back to the customer; the order's total stays what it was. */
const refundSchema = z.object({ externalId: z.string().min(1), amount: moneySchema });

export const orderSchema = z.object({
  ...sourcedRecordShape,
  /** The number a customer sees. */
  number: z.string().min(1),
  status: orderStatusSchema,
  total: moneySchema,
  placedAt: timestampSchema,
  customer: contactFieldsSchema,
  /** Their totals are after discounts. */
  lines: z.array(orderLineSchema),
  /** Absent where the order costs nothing beside its lines. */
  charges: z.array(orderChargeSchema).optional(),
  /** Absent where nothing was given back. */
  refunds: z.array(refundSchema).optional(),
});
export type Order = z.infer<typeof orderSchema>;
