import { z } from 'zod';
import { moneySchema } from './money.ts';
import { orderStatusSchema } from './order.ts';
import { sourcedRecordShape, timestampSchema } from './source.ts';

/** Where a deal stands, whatever the vendor's pipeline calls its stages. */
export const dealStatusSchema = z.enum(['open', 'won', 'lost']);
export type DealStatus = z.infer<typeof dealStatusSchema>;

export const dealFieldsSchema = z.object({
  name: z.string().min(1).max(255),
  status: dealStatusSchema,
  amount: moneySchema.optional(),
  closedAt: timestampSchema.optional(),
  /** Where the shop's order behind the deal stands, where there is one. */
  orderStatus: orderStatusSchema.optional(),
  /** What was ordered, for people: a line each with quantity, name, SKU, unit price and total. */
  lineItems: z.string().min(1).max(2_000).optional(),
  /** The shop that the order comes from, as people know it. */
  orderSource: z.string().min(1).max(255).optional(),
});
export type DealFields = z.infer<typeof dealFieldsSchema>;

export const dealSchema = dealFieldsSchema.extend({
  ...sourcedRecordShape,
  /** The vendor's own name of the stage, for display and stage rules. */
  vendorStage: z.string().max(255).optional(),
  /** Our key that the vendor keeps on the deal, where the deal came from us. */
  externalKey: z.string().max(255).optional(),
  /** Contacts of the deal: id at the vendor and, where known, e-mail. */
  contacts: z.array(z.object({ externalId: z.string().min(1), email: z.email().optional() })),
});
export type Deal = z.infer<typeof dealSchema>;
