import { randomBytes } from 'node:crypto';
import { cannotView, noRoute, readOnlyKey, unknownKey, writeOnlyKey, wrongSecret } from './woocommerce-refusals.ts';
import { changedOrder, newOrder, type OrderContext } from './orders/order-writing.ts';
import type { Order, OrderInput } from './orders/shop-order.ts';

export interface ShopWebhook {
  id: number;
  name: string;
  status: 'active' | 'paused' | 'disabled';
  topic: string;
  deliveryUrl: string;
  secret: string;
  failureCount: number;
  createdAtMs: number;
  modifiedAtMs: number;
}

export interface ShopOptions {
  shop: string;
  siteUrl: string;
  utcOffsetMinutes: number;
  currency: string;
}

/** A REST key, as the shop's owner makes it or approves it for an app. It never expires. */
export interface ShopKey {
  id: number;
  consumerKey: string;
  consumerSecret: string;
  permissions: 'read' | 'write' | 'read_write';
}

/** One WordPress site with its orders, webhooks and REST keys. */
export class Shop {
  readonly options: ShopOptions;
  readonly keys = new Map<string, ShopKey>();
  readonly orders = new Map<number, Order>();
  readonly webhooks = new Map<number, ShopWebhook>();
  /** WordPress's salt: makes delivery ids differ from site to site. */
  readonly salt = randomBytes(32).toString('hex');
  private keysMade = 0;
  private lastId = 700;

  constructor(options: ShopOptions) {
    this.options = options;
  }

  /** Orders and webhooks and their parts share no table in WordPress; here one counter is enough. */
  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  makeKey(permissions: ShopKey['permissions']): ShopKey {
    this.keysMade += 1;
    const secret = (): string => randomBytes(20).toString('hex');
    const key: ShopKey = { id: this.keysMade, consumerKey: `ck_${secret()}`, consumerSecret: `cs_${secret()}`, permissions };
    this.keys.set(key.consumerKey, key);
    return key;
  }

  placeOrder(input: OrderInput, createdVia: 'rest-api' | 'checkout'): Order {
    const order = newOrder(this.nextId(), createdVia, input, this.orderContext());
    this.orders.set(order.id, order);
    return order;
  }

  changeOrder(order: Order, input: OrderInput): Order {
    const next = changedOrder(order, input, this.orderContext());
    this.orders.set(next.id, next);
    return next;
  }

  private orderContext(): OrderContext {
    const { utcOffsetMinutes, currency } = this.options;
    return { nowMs: Date.now(), utcOffsetMinutes, currency, nextId: () => this.nextId() };
  }
}

export interface ShopCredentials {
  key: string;
  secret: string;
}

/** All shops of the stand-in. */
export class Shops {
  readonly byName = new Map<string, Shop>();

  /** The shop that was addressed, once its key has been checked; throws WooCommerce's 401 or 404. */
  authenticate(name: string, credentials: ShopCredentials | null, writes: boolean): Shop {
    const shop = this.byName.get(name);
    if (shop === undefined) throw noRoute();
    if (credentials === null) throw cannotView();
    const key = shop.keys.get(credentials.key);
    if (key === undefined) throw unknownKey();
    if (credentials.secret !== key.consumerSecret) throw wrongSecret();
    if (writes && key.permissions === 'read') throw readOnlyKey();
    if (!writes && key.permissions === 'write') throw writeOnlyKey();
    return shop;
  }
}
