import type { FastifyInstance } from 'fastify';
import { controlRefusal } from '../control/control-refusal.ts';
import { wooCommerceShopSchema, type WooCommerceShopCreated } from '../control/woocommerce-control.schema.ts';
import { read } from '../request-bodies.ts';
import { orderAnswer } from './orders/orders.routes.ts';
import type { ShopEvents } from './shop-events.ts';
import type { ShopItemPath, ShopPath } from './shop-session.ts';
import { orderInputSchema } from './orders/shop-order.ts';
import { Shop, type Shops } from './shops.ts';

/** Shops to work with, customers who buy in them, and a shopkeeper who edits orders. */
export function registerWooCommerceControl(scope: FastifyInstance, shops: Shops, events: ShopEvents): void {
  const shopOf = (name: string): Shop => {
    const shop = shops.byName.get(name);
    if (shop === undefined) throw controlRefusal(404, `There is no WooCommerce shop ${name}.`);
    return shop;
  };
  const refuse = (path: string, message: string): ReturnType<typeof controlRefusal> => controlRefusal(400, message, path);

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
    const answer = orderAnswer(shop, order);
    events.orderChanged(shop, 'order.created', order, answer);
    return await reply.code(201).send(answer);
  });

  scope.patch<ShopItemPath>('/shops/:shop/orders/:id', async (request) => {
    const shop = shopOf(request.params.shop);
    const order = shop.orders.get(Number(request.params.id));
    if (order === undefined) throw controlRefusal(404, `Shop ${request.params.shop} has no order ${request.params.id}.`);
    const changed = shop.changeOrder(order, read(orderInputSchema, request.body ?? {}, refuse));
    const answer = orderAnswer(shop, changed);
    events.orderChanged(shop, 'order.updated', changed, answer);
    return answer;
  });
}
