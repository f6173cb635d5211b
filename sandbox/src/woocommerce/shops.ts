import { randomBytes } from 'node:crypto';
import { cannotView, invalidParameter, noRoute, readOnlyKey, refundTooLarge, unknownKey, writeOnlyKey, wrongSecret } from './woocommerce-refusals.ts';
import { changedOrder, leftCents, newOrder, refundedOrder, trashedOrder, type OrderContext } from './orders/order-writing.ts';
import { orderStatuses, type Order, type OrderInput, type OrderRefund, type OrderStatus, type RefundInput } from './orders/shop-order.ts';

export interface ShopWebhook {
  id: number;
  name: string;
  status: 'active' | 'paused' | 'disabled';
  topic: string;
  deliveryUrl: string;
  secret: string;
  failureCount: number;
  /** Its test call has not been answered with exactly 200 yet; it is made again with the next change. */
  pendingDelivery: boolean;
  createdAtMs: number;
  modifiedAtMs: number;
}

export interface ShopOptions {
  shop: string;
  siteUrl: string;
  utcOffsetMinutes: number;
  currency: string;
  /** Statuses that a plug-in has added. */
  ownStatuses: string[];
}

/** A note of an order, as its own list shows it. */
export interface OrderNote {
  id: number;
  note: string;
  customer_note: boolean;
  createdAtMs: number;
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
  readonly notes = new Map<number, OrderNote[]>();
  readonly webhooks = new Map<number, ShopWebhook>();
  /** What an order in the bin was before (`_wp_trash_meta_status`). */
  private readonly statusesBeforeTrash = new Map<number, OrderStatus>();
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

  /** The statuses that are registered, in the words of the interface. */
  get statuses(): string[] {
    return [...orderStatuses, ...this.options.ownStatuses];
  }

  placeOrder(input: OrderInput, createdVia: 'rest-api' | 'checkout'): Order {
    this.checkStatus(input);
    const order = newOrder(this.nextId(), createdVia, input, this.orderContext());
    this.orders.set(order.id, order);
    return order;
  }

  changeOrder(order: Order, input: OrderInput): Order {
    this.checkStatus(input);
    const next = changedOrder(order, input, this.orderContext());
    this.orders.set(next.id, next);
    return next;
  }

  /** Throws WooCommerce's refusal where more is to go back than is left. */
  refund(order: Order, input: RefundInput): OrderRefund {
    if (Math.round(Number(input.amount) * 100) > leftCents(order)) throw refundTooLarge();
    const next = refundedOrder(order, input, this.orderContext());
    this.orders.set(next.id, next);
    const [made] = next.refunds;
    if (made === undefined) throw new Error('The refund that was made is missing.');
    return made;
  }

  /** To the bin or, with force, for good. */
  removeOrder(order: Order, force: boolean): Order {
    const removed = trashedOrder(order, this.orderContext());
    if (force) this.orders.delete(order.id);
    else {
      this.statusesBeforeTrash.set(order.id, order.status);
      this.orders.set(order.id, removed);
    }
    return removed;
  }

  restoreOrder(order: Order): Order {
    return this.changeOrder(order, { status: this.statusesBeforeTrash.get(order.id) ?? 'pending', set_paid: false });
  }

  addNote(order: Order, note: string, isForCustomer: boolean): OrderNote {
    const made: OrderNote = { id: this.nextId(), note, customer_note: isForCustomer, createdAtMs: Date.now() };
    this.notes.set(order.id, [made, ...this.notes.get(order.id) ?? []]);
    return made;
  }

  private checkStatus({ status }: OrderInput): void {
    if (status !== undefined && !this.statuses.includes(status)) throw invalidParameter('status', `status is not one of ${this.statuses.join(', ')}.`);
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
