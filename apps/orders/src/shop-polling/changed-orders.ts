import type { Connection } from '@crossdock/connections';
import type { WooCommerceClient, WooCommerceOrder } from '@crossdock/vendor-woocommerce';
import { z } from 'zod';

/** An order as a listing shows it: enough to know it by and to place it in time. */
export interface SeenOrder {
  readonly externalId: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly modifiedAt: string;
  readonly payload: WooCommerceOrder;
}

const listedSchema = z.object({ id: z.number(), date_modified_gmt: z.iso.datetime({ local: true }) });
/** The interface takes times in whole seconds, and "after" leaves out the second itself. */
const oneSecondMs = 1_000;

/**
 * The orders a shop changed since a time, oldest change first, page by page.
 *
 * Every page is asked for anew from the last change seen, because an order that changes while the pages are read moves
 * to their end and shifts the others; counting on would skip one. Only where more orders than a page share one second
 * are further pages of the same second read.
 */
export async function* changedOrders(
  client: WooCommerceClient, connection: Connection, since: string, signal: AbortSignal,
): AsyncGenerator<readonly SeenOrder[]> {
  let from = since;
  for (let page = 1; ;) {
    const modifiedAfter = new Date(Date.parse(from) - oneSecondMs).toISOString().slice(0, 19);
    const { orders, totalPages } = await client.listOrders(connection, { modifiedAfter, page }, signal);
    const seen = orders.map(toSeen);
    if (seen.length > 0) yield seen;
    if (page >= totalPages) return;
    const last = seen.at(-1)?.modifiedAt ?? from;
    page = last > from ? 1 : page + 1;
    from = last;
  }
}

function toSeen(payload: WooCommerceOrder): SeenOrder {
  const { id, date_modified_gmt: modified } = listedSchema.parse(payload);
  return { externalId: String(id), modifiedAt: new Date(`${modified.replace(/Z$/, '')}Z`).toISOString(), payload };
}
