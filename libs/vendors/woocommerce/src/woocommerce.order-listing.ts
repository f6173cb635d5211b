import type { Connection } from '@crossdock/connections';
import { z } from 'zod';
import { guard, unexpected, type ShopInterface } from './woocommerce.interface.ts';
import { woocommerceLimits } from './woocommerce.limits.ts';
import { gmtSchema, toSeconds } from './woocommerce.time.ts';

/** An order as the shop tells it, as far as a listing has to know it; `toCanonicalOrder` reads the rest. */
export const orderRecordSchema = z.looseObject({
  id: z.int().positive(), status: z.string(), date_created_gmt: z.string(), date_modified_gmt: z.string().nullish(),
});
export type WooCommerceOrder = z.infer<typeof orderRecordSchema>;

/** Which orders, by when they were changed or placed: from a time on, ISO 8601 in UTC, and up to another one. */
export interface OrderListing {
  readonly by: 'modified' | 'date';
  readonly from: string;
  readonly to?: string;
  /** `any` leaves out what is in the bin. */
  readonly status: 'any' | 'trash';
}

/** The interface takes times in whole seconds, and "after" and "before" leave out the second itself. */
const oneSecondMs = 1_000;

/**
 * Orders page by page, oldest first. Ordering by the time of a change is missing in the documents but part of the
 * interface: `get_collection_params()` in class-wc-rest-crud-controller.php.
 *
 * Every page is asked for anew from the last time seen, because an order that changes while the pages are read moves
 * to their end, and one that is deleted shifts the others; counting on would skip one. Only where more orders than a page
 * share one second are further pages of the same second read.
 */
export async function* orderPages(
  shop: ShopInterface, connection: Connection, listing: OrderListing, signal: AbortSignal,
): AsyncGenerator<readonly WooCommerceOrder[]> {
  let { from } = listing;
  for (let page = 1; ;) {
    const { orders, totalPages } = await readPage(shop, connection, { ...listing, from }, page, signal);
    if (orders.length > 0) yield orders;
    if (page >= totalPages) return;
    const last = orders.at(-1);
    const lastTime = last ? timeOf(last, listing.by) : from;
    page = lastTime > from ? 1 : page + 1;
    from = lastTime;
  }
}

async function readPage(
  shop: ShopInterface, connection: Connection, { by, from, to, status }: OrderListing, page: number, signal: AbortSignal,
): Promise<{ orders: WooCommerceOrder[]; totalPages: number }> {
  const operation = 'orders.list';
  const prefix = by === 'modified' ? 'modified_' : '';
  const query = new URLSearchParams({
    [`${prefix}after`]: toSeconds(Date.parse(from) - oneSecondMs), ...(to !== undefined && { [`${prefix}before`]: toSeconds(Date.parse(to) + oneSecondMs) }),
    dates_are_gmt: 'true', orderby: by, order: 'asc', status, page: String(page), per_page: String(woocommerceLimits.maxPageSize),
  });
  const answer = await shop.answer(connection, { operation, method: 'GET', path: `orders?${query.toString()}`, signal });
  const totalPages = z.coerce.number().int().min(0).safeParse(answer.headers.get('x-wp-totalpages'));
  if (!totalPages.success) throw unexpected(operation);
  return { orders: guard(z.array(orderRecordSchema), answer, operation), totalPages: totalPages.data };
}

/** @returns ISO 8601 in UTC with milliseconds */
export function timeOf(order: WooCommerceOrder, by: OrderListing['by']): string {
  const time = gmtSchema.safeParse(by === 'modified' ? order.date_modified_gmt ?? order.date_created_gmt : order.date_created_gmt);
  if (!time.success) throw unexpected('orders.list');
  return time.data;
}
