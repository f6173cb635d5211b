import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { controlRefusal } from '../control/control-refusal.ts';
import { wooCommerceShopSchema, type WooCommerceShopCreated } from '../control/woocommerce-control.schema.ts';
import { read } from '../request-bodies.ts';
import { orderAnswer } from './orders/orders.routes.ts';
import type { OrderTopic, ShopEvents } from './shop-events.ts';
import type { ShopItemPath, ShopPath } from './shop-session.ts';
import { orderInputSchema, refundInputSchema, type Order } from './orders/shop-order.ts';
import { Shop, type Shops } from './shops.ts';

/** Shops to work with, customers who buy in them, and a shopkeeper who edits orders. */
export function registerWooCommerceControl(scope: FastifyInstance, shops: Shops, events: ShopEvents): void {
  const shopOf = (name: string): Shop => {
    const shop = shops.byName.get(name);
    if (shop === undefined) throw controlRefusal(404, `There is no WooCommerce shop ${name}.`);
    return shop;
  };
  const refuse = (path: string, message: string): ReturnType<typeof controlRefusal> => controlRefusal(400, message, path);

  const tell = (shop: Shop, topic: OrderTopic, order: Order): unknown => {
    const answer = orderAnswer(shop, order);
    events.orderChanged(shop, topic, order, answer);
    return answer;
  };

  scope.post('/shops', async (request, reply) => {
    const wanted = read(wooCommerceShopSchema, request.body ?? {}, refuse);
    if (shops.byName.has(wanted.shop)) throw controlRefusal(409, `WooCommerce shop ${wanted.shop} exists already.`);
    const siteUrl = `${request.protocol}://${request.host}/woocommerce/${wanted.shop}/`;
    const { permissions, ...options } = wanted;
    const shop = new Shop({ siteUrl, ...options });
    shops.byName.set(wanted.shop, shop);
    const { consumerKey, consumerSecret } = shop.makeKey(permissions);
    const answer: WooCommerceShopCreated = {
      shop: wanted.shop,
      siteUrl,
      consumerKey,
      consumerSecret,
    };
    return await reply.code(201).send(answer);
  });

  scope.post<ShopPath>('/shops/:shop/keys', async (request, reply) => {
    const { consumerKey, consumerSecret } = shopOf(request.params.shop).makeKey('read_write');
    return await reply.code(201).send({ consumerKey, consumerSecret });
  });

  scope.delete<{ Params: { shop: string; key: string } }>('/shops/:shop/keys/:key', async (request, reply) => {
    if (!shopOf(request.params.shop).keys.delete(request.params.key)) throw controlRefusal(404, `Shop ${request.params.shop} has no such key.`);
    return await reply.code(204).send();
  });

  scope.get<ShopPath>('/shops/:shop/orders', async (request) => {
    const shop = shopOf(request.params.shop);
    return { results: [...shop.orders.values()].map((order) => orderAnswer(shop, order)) };
  });

  scope.get<ShopPath>('/shops/:shop/webhooks', async (request) => ({
    results: [...shopOf(request.params.shop).webhooks.values()].map(({ secret: _secret, ...webhook }) => webhook),
  }));

  scope.post<ShopPath>('/shops/:shop/orders', async (request, reply) => {
    const shop = shopOf(request.params.shop);
    const order = shop.placeOrder(read(orderInputSchema, request.body ?? {}, refuse), 'checkout');
    return await reply.code(201).send(tell(shop, 'order.created', order));
  });

  scope.patch<ShopItemPath>('/shops/:shop/orders/:id', async (request) => {
    const shop = shopOf(request.params.shop);
    return tell(shop, 'order.updated', shop.changeOrder(orderOf(shop, request.params.id), read(orderInputSchema, request.body ?? {}, refuse)));
  });

  scope.post<ShopItemPath>('/shops/:shop/orders/:id/refunds', async (request, reply) => {
    const shop = shopOf(request.params.shop);
    const order = orderOf(shop, request.params.id);
    shop.refund(order, read(refundInputSchema, request.body ?? {}, refuse));
    return await reply.code(201).send(tell(shop, 'order.updated', orderOf(shop, request.params.id)));
  });

  scope.delete<ShopItemPath>('/shops/:shop/orders/:id', async (request, reply) => {
    const shop = shopOf(request.params.shop);
    const { force } = read(z.object({ force: z.stringbool().default(false) }), request.query, refuse);
    tell(shop, 'order.deleted', shop.removeOrder(orderOf(shop, request.params.id), force));
    return await reply.code(204).send();
  });

  scope.post<ShopItemPath>('/shops/:shop/orders/:id/restore', async (request) => {
    const shop = shopOf(request.params.shop);
    return tell(shop, 'order.restored', shop.restoreOrder(orderOf(shop, request.params.id)));
  });

  scope.patch<ShopItemPath>('/shops/:shop/webhooks/:id', async (request, reply) => {
    const webhook = shopOf(request.params.shop).webhooks.get(Number(request.params.id));
    if (webhook === undefined) throw controlRefusal(404, `Shop ${request.params.shop} has no webhook ${request.params.id}.`);
    webhook.status = read(z.object({ status: z.enum(['active', 'paused', 'disabled']) }), request.body ?? {}, refuse).status;
    return await reply.code(204).send();
  });

  scope.delete<ShopItemPath>('/shops/:shop/webhooks/:id', async (request, reply) => {
    if (!shopOf(request.params.shop).webhooks.delete(Number(request.params.id))) throw controlRefusal(404, `Shop ${request.params.shop} has no webhook ${request.params.id}.`);
    return await reply.code(204).send();
  });
}

function orderOf(shop: Shop, id: string): Order {
  const order = shop.orders.get(Number(id));
  if (order === undefined) throw controlRefusal(404, `Shop ${shop.options.shop} has no order ${id}.`);
  return order;
}
