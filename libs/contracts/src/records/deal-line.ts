import { z } from 'zod';
import { moneySchema } from './money.ts';

/** The most lines that one deal is asked to hold; who has more tells the rest as one. */
export const mostDealLines = 500;

/** A line of a deal, in a form that every CRM can keep without rounding: the quantity times the price of one is what the line comes to. */
export const dealLineSchema = z.object({
  /** Names the line within its deal, and stays the same as long as the line is there. */
  key: z.string().min(1).max(100),
  name: z.string().min(1).max(255),
  sku: z.string().min(1).max(100).optional(),
  quantity: z.int().min(1),
  /** After discounts, in the currency of the deal. Below zero where the line takes something off. */
  unitPrice: moneySchema,
});
export type DealLine = z.infer<typeof dealLineSchema>;
