import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Order } from './shop-order.ts';
import { isAfter, isBefore } from '../site-time.ts';

export const orderListSchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(10),
  offset: z.coerce.number().int().min(0).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  orderby: z.enum(['date', 'id', 'modified']).default('date'),
  status: z.string().default('any'),
  after: z.iso.datetime({ offset: true, local: true }).optional(),
  before: z.iso.datetime({ offset: true, local: true }).optional(),
  modified_after: z.iso.datetime({ offset: true, local: true }).optional(),
  modified_before: z.iso.datetime({ offset: true, local: true }).optional(),
  dates_are_gmt: z.stringbool().default(false),
  include: z.string().optional(),
});
export type OrderListQuery = z.output<typeof orderListSchema>;

/** The orders that fit, in the order asked for. `any` leaves out what is in the bin. */
export function listOrders(orders: Order[], query: OrderListQuery, utcOffsetMinutes: number): Order[] {
  const statuses = query.status.split(',');
  const ids = query.include?.split(',').map(Number);
  const later = (time: string, given: string | undefined): boolean =>
    given === undefined || isAfter(time, given, query.dates_are_gmt, utcOffsetMinutes);
  const earlier = (time: string, given: string | undefined): boolean =>
    given === undefined || isBefore(time, given, query.dates_are_gmt, utcOffsetMinutes);
  const found = orders
    .filter((order) => (statuses.includes('any') ? order.status !== 'trash' : statuses.includes(order.status)))
    .filter((order) => ids === undefined || ids.includes(order.id))
    .filter((order) => later(order.date_created_gmt, query.after) && earlier(order.date_created_gmt, query.before))
    .filter(
      (order) =>
        later(order.date_modified_gmt, query.modified_after) && earlier(order.date_modified_gmt, query.modified_before),
    );
  const sign = query.order === 'asc' ? 1 : -1;
  const keyOf = (order: Order): string =>
    query.orderby === 'modified' ? order.date_modified_gmt : query.orderby === 'date' ? order.date_created_gmt : '';
  return found.sort((a, b) => sign * (keyOf(a).localeCompare(keyOf(b)) || a.id - b.id));
}

/** One page with WordPress's headers: totals, and links to the pages around it. */
export function sendPage<Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  items: Item[],
  query: { page: number; per_page: number; offset?: number | undefined },
): Item[] {
  const pages = Math.ceil(items.length / query.per_page);
  const start = query.offset ?? (query.page - 1) * query.per_page;
  const linkTo = (page: number, rel: string): string => {
    const url = new URL(request.url, `${request.protocol}://${request.host}`);
    url.searchParams.set('page', String(page));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(query.page > 1 ? [linkTo(Math.min(query.page - 1, Math.max(1, pages)), 'prev')] : []),
    ...(query.page < pages ? [linkTo(query.page + 1, 'next')] : []),
  ];
  reply.headers({ 'x-wp-total': String(items.length), 'x-wp-totalpages': String(pages) });
  if (links.length > 0) reply.header('link', links.join(', '));
  return items.slice(start, start + query.per_page);
}
