import * as z from 'zod/mini';

export const orderStatuses = ['pending', 'on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'refunded', 'failed'] as const;

const searchSchema = z.object({
  externalId: z.catch(z.optional(z.string().check(z.maxLength(255))), undefined),
  connectionId: z.catch(z.optional(z.uuid()), undefined),
  status: z.catch(z.optional(z.enum(orderStatuses)), undefined),
});

/** What the address of the page says of the orders to show. */
export interface OrderSearch {
  readonly externalId?: string;
  readonly connectionId?: string;
  readonly status?: (typeof orderStatuses)[number];
}

/** Reads the page's address; what makes no sense there is left out, since anybody may have written it. */
export function orderSearchOf(search: Record<string, unknown>): OrderSearch {
  const read = z.parse(searchSchema, { ...search, ...(typeof search['externalId'] === 'number' && { externalId: String(search['externalId']) }) });
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
