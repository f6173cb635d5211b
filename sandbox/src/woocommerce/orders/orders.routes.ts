import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { VendorRefusal } from '../../vendor-refusal.ts';
import type { WriteJournal, WriteKind } from '../../write-journal.ts';
import { listOrders, orderListSchema, sendPage } from './order-list.ts';
import type { ShopEvents } from '../shop-events.ts';
import { orderInputSchema, refundInputSchema, type Order, type OrderInput, type OrderRefund } from './shop-order.ts';
import type { ShopItemPath, ShopOf, ShopPath } from '../shop-session.ts';
import type { OrderNote, Shop } from '../shops.ts';
import { siteTimes } from '../site-time.ts';
import { invalidParameter, refusal, unknownOrder } from '../woocommerce-refusals.ts';

const batchSchema = z.object({
  create: z.array(z.unknown()).default([]),
  update: z.array(z.looseObject({ id: z.coerce.number() })).default([]),
  delete: z.array(z.coerce.number()).default([]),
});

/** An order as the REST interface and the webhooks show it. */
export function orderAnswer(shop: Shop, order: Order): unknown {
  const base = `${shop.options.siteUrl}wp-json/wc/v3/orders`;
  return {
    ...order,
    _links: { self: [{ href: `${base}/${String(order.id)}` }], collection: [{ href: base }] },
  };
}

export function registerOrderRoutes(app: FastifyInstance, shopOf: ShopOf, journal: WriteJournal, events: ShopEvents): void {
  const begin = (request: FastifyRequest<ShopPath>): OrderDesk => new OrderDesk(shopOf(request), journal, events);

  app.get<ShopPath>('/orders', async (request, reply: FastifyReply) => {
    const shop = shopOf(request);
    const query = read(orderListSchema, request.query, invalidParameter);
    const found = listOrders([...shop.orders.values()], query, shop.options.utcOffsetMinutes);
    return sendPage(request, reply, found, query).map((order) => orderAnswer(shop, order));
  });

  app.get<ShopItemPath>('/orders/:id', async (request) => {
    const desk = begin(request);
    return orderAnswer(desk.shop, desk.get(Number(request.params.id)));
  });

  app.post<ShopPath>('/orders', async (request, reply) => {
    const answer = begin(request).create(request.body ?? {});
    return await reply.code(201).send(answer);
  });

  app.put<ShopItemPath>('/orders/:id', async (request) => begin(request).update(Number(request.params.id), request.body ?? {}));

  app.delete<ShopItemPath>('/orders/:id', async (request) => {
    const { force } = read(z.object({ force: z.stringbool().default(false) }), request.query, invalidParameter);
    return begin(request).remove(Number(request.params.id), force);
  });

  app.get<ShopItemPath>('/orders/:id/refunds', async (request) => {
    const desk = begin(request);
    return desk.get(Number(request.params.id)).refunds.map((refund) => refundAnswer(desk.shop, refund));
  });

  app.post<ShopItemPath>('/orders/:id/refunds', async (request, reply) => {
    const answer = begin(request).refund(Number(request.params.id), request.body ?? {});
    return await reply.code(201).send(answer);
  });

  app.get<ShopItemPath>('/orders/:id/notes', async (request) => {
    const desk = begin(request);
    const order = desk.get(Number(request.params.id));
    return (desk.shop.notes.get(order.id) ?? []).map((note) => noteAnswer(desk.shop, note));
  });

  app.post<ShopItemPath>('/orders/:id/notes', async (request, reply) => {
    const desk = begin(request);
    const { note, customer_note: isForCustomer } = read(noteSchema, request.body ?? {}, invalidParameter);
    const made = desk.shop.addNote(desk.get(Number(request.params.id)), note, isForCustomer);
    journal.count(desk.shop.options.shop, 'notes', String(made.id), 'created');
    return await reply.code(201).send(noteAnswer(desk.shop, made));
  });

  app.get<ShopPath>('/reports/orders/totals', async (request) => {
    const shop = shopOf(request);
    return shop.statuses.map((slug) => ({ slug, name: slug, total: [...shop.orders.values()].filter(({ status }) => status === slug).length }));
  });

  app.post<ShopPath>('/orders/batch', async (request) => {
    const desk = begin(request);
    const body = read(batchSchema, request.body ?? {}, invalidParameter);
    if (body.create.length + body.update.length + body.delete.length > 100) {
      throw refusal(413, 'woocommerce_rest_request_entity_too_large', 'Unable to accept more than 100 items for this request.');
    }
    return {
      create: body.create.map((item) => orFault(0, () => desk.create(item))),
      update: body.update.map(({ id, ...item }) => orFault(id, () => desk.update(id, item))),
      delete: body.delete.map((id) => orFault(id, () => desk.remove(id, false))),
    };
  });
}

const noteSchema = z.object({ note: z.string().min(1), customer_note: z.boolean().default(false) });

function noteAnswer(shop: Shop, { id, note, customer_note, createdAtMs }: OrderNote): unknown {
  const { local, gmt } = siteTimes(createdAtMs, shop.options.utcOffsetMinutes);
  return { id, author: 'WooCommerce', date_created: local, date_created_gmt: gmt, note, customer_note };
}

function refundAnswer(shop: Shop, { id, reason, total }: OrderRefund): unknown {
  const { local, gmt } = siteTimes(Date.now(), shop.options.utcOffsetMinutes);
  return {
    id, date_created: local, date_created_gmt: gmt, amount: total.replace('-', ''), reason, refunded_by: 1, refunded_payment: false,
    meta_data: [], line_items: [],
  };
}

/** A batch tells each item's fault in its place and does the others. */
function orFault(id: number, act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof VendorRefusal) return { id, error: error.body };
    throw error;
  }
}

/** Reads and writes one shop's orders for a caller of the REST interface. */
class OrderDesk {
  readonly shop: Shop;
  private readonly journal: WriteJournal;
  private readonly events: ShopEvents;

  constructor(shop: Shop, journal: WriteJournal, events: ShopEvents) {
    this.shop = shop;
    this.journal = journal;
    this.events = events;
  }

  get(id: number): Order {
    const order = this.shop.orders.get(id);
    if (order === undefined) throw unknownOrder();
    return order;
  }

  create(body: unknown): unknown {
    const order = this.shop.placeOrder(this.input(body), 'rest-api');
    return this.told('order.created', order, 'created');
  }

  update(id: number, body: unknown): unknown {
    const known = this.shop.orders.get(id);
    // As WooCommerce: 404 for a look at an order that is not there, and 400 for a change of it.
    if (known === undefined) throw refusal(400, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
    const order = this.shop.changeOrder(known, this.input(body));
    return this.told('order.updated', order, 'updated');
  }

  /** To the bin or, with force, for good; the webhook is the same. */
  remove(id: number, force: boolean): unknown {
    return this.told('order.deleted', this.shop.removeOrder(this.get(id), force), 'deleted');
  }

  refund(id: number, body: unknown): unknown {
    const made = this.shop.refund(this.get(id), read(refundInputSchema, body, invalidParameter));
    this.told('order.updated', this.get(id), 'updated');
    return refundAnswer(this.shop, made);
  }

  private input(body: unknown): OrderInput {
    return read(orderInputSchema, body, invalidParameter);
  }

  private told(topic: 'order.created' | 'order.updated' | 'order.deleted', order: Order, kind: WriteKind): unknown {
    const answer = orderAnswer(this.shop, order);
    this.journal.count(this.shop.options.shop, 'orders', String(order.id), kind);
    this.events.orderChanged(this.shop, topic, order, answer);
    return answer;
  }
}
