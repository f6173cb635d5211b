import type { FastifyRequest } from 'fastify';
import type { Shop, ShopCredentials, Shops } from './shops.ts';

export interface ShopPath {
  Params: { shop: string };
}
export interface ShopItemPath {
  Params: { shop: string; id: string };
}

export type ShopOf = (request: FastifyRequest<ShopPath>) => Shop;

/** Keys come as HTTP Basic or, as WooCommerce also allows, in the address. */
export const shopSession =
  (shops: Shops): ShopOf =>
  (request) =>
    shops.authenticate(request.params.shop, credentialsOf(request), request.method !== 'GET');

function credentialsOf(request: FastifyRequest): ShopCredentials | null {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [key = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { key, secret: secret.join(':') };
  }
  const query = new URL(request.url, 'http://shop.example').searchParams;
  const key = query.get('consumer_key');
  const secret = query.get('consumer_secret');
  return key === null || secret === null ? null : { key, secret };
}
