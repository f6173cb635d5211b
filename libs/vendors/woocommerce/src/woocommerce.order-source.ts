import type { Connection } from '@crossdock/connections';
import { asFailure, type Failure, type Order } from '@crossdock/contracts';
import type { ChangedOrders, OrderFields, OrderReading, OrderSource, OrderWrite, PlacedWithin, ShopOrder, ShopStatus, WebhookTarget, WebhookUpkeep } from '@crossdock/order-source';
import { z } from 'zod';
import { woocommerceFailure } from './woocommerce.errors.ts';
import { ShopInterface, type WooCommerceOptions } from './woocommerce.interface.ts';
import { woocommerceLimits } from './woocommerce.limits.ts';
import { toCanonicalOrder } from './woocommerce.mapping.ts';
import { orderPages, orderRecordSchema, timeOf, type WooCommerceOrder } from './woocommerce.order-listing.ts';
import { woocommerceStatuses } from './woocommerce.statuses.ts';
import { lookAfterWebhooks } from './woocommerce.webhook-upkeep.ts';
import { woocommerceWebhooks } from './woocommerce.webhooks.ts';

const statusesSchema = z.array(z.object({ slug: z.string() }));
const batchSchema = z.object({
  update: z.array(z.object({
    id: z.int(), error: z.object({ code: z.string(), data: z.object({ status: z.int() }).optional() }).loose().optional(),
  })),
});
const notesSchema = z.array(z.object({ note: z.string() }));

/** Orders of shops that run WooCommerce. */
export class WooCommerceOrderSource implements OrderSource {
  readonly vendor = 'woocommerce';
  readonly webhooks = woocommerceWebhooks;
  readonly #shop: ShopInterface;

  constructor(options: WooCommerceOptions) {
    this.#shop = new ShopInterface(options);
  }

  canonical(payload: Record<string, unknown>, reading: OrderReading): Order {
    return toCanonicalOrder(payload, reading);
  }

  async getOrder(connection: Connection, externalId: string, signal: AbortSignal): Promise<ShopOrder | undefined> {
    try {
      return shopOrderOf(await this.#shop.read(connection, { operation: 'orders.get', method: 'GET', path: orderPath(externalId), signal }, orderRecordSchema));
    } catch (thrown) {
      if (asFailure(thrown).kind === 'not_found') return undefined;
      throw thrown;
    }
  }

  /** The bin first: it is told completely before anything counts as seen. */
  async *changedOrders(connection: Connection, since: string, signal: AbortSignal): AsyncGenerator<ChangedOrders> {
    for await (const page of orderPages(this.#shop, connection, { by: 'modified', from: since, status: 'trash' }, signal)) yield { orders: page.map(shopOrderOf) };
    for await (const page of orderPages(this.#shop, connection, { by: 'modified', from: since, status: 'any' }, signal)) {
      const orders = page.map(shopOrderOf);
      const seenUntil = orders.at(-1)?.modifiedAt;
      yield { orders, ...(seenUntil !== undefined && { seenUntil }) };
    }
  }

  async *placedOrders(connection: Connection, within: PlacedWithin, signal: AbortSignal): AsyncGenerator<readonly ShopOrder[]> {
    for await (const page of orderPages(this.#shop, connection, { by: 'date', ...within, status: 'any' }, signal)) yield page.map(shopOrderOf);
  }

  async writeOrder(connection: Connection, externalId: string, { status, meta = {}, note }: OrderWrite, signal: AbortSignal): Promise<ShopOrder> {
    if (note !== undefined) await this.#addNote(connection, externalId, note, signal);
    const metaData = metaDataOf(meta);
    const body = { ...(status !== undefined && { status }), ...(metaData.length > 0 && { meta_data: metaData }) };
    const call = Object.keys(body).length > 0
      ? { operation: 'orders.update', method: 'PUT', path: orderPath(externalId), body, signal } as const
      : { operation: 'orders.get', method: 'GET', path: orderPath(externalId), signal } as const;
    return shopOrderOf(await this.#shop.read(connection, call, orderRecordSchema));
  }

  /** A batch is answered with 200, and each order that was refused with its error in its place: class-wc-rest-controller.php, `batch_items`. */
  async writeFields(connection: Connection, orders: readonly OrderFields[], signal: AbortSignal): Promise<ReadonlyMap<string, Failure>> {
    const refused = new Map<string, Failure>();
    for (let start = 0; start < orders.length; start += woocommerceLimits.batchSize) {
      const update = orders.slice(start, start + woocommerceLimits.batchSize).map(({ externalId, meta }) => ({ id: Number(externalId), meta_data: metaDataOf(meta) }));
      const call = { operation: 'orders.updateSeveral', method: 'POST', path: 'orders/batch', body: { update }, signal } as const;
      for (const { id, error } of (await this.#shop.read(connection, call, batchSchema)).update) {
        if (error) refused.set(String(id), woocommerceFailure({ operation: call.operation, status: error.data?.status ?? 400, headers: new Headers(), body: JSON.stringify(error) }));
      }
    }
    return refused;
  }

  /** The report counts the orders of each registered status, and so names them all: class-wc-rest-report-orders-totals-controller.php. */
  async describeStatuses(connection: Connection, signal: AbortSignal): Promise<readonly ShopStatus[]> {
    const listed = await this.#shop.read(connection, { operation: 'orders.statuses', method: 'GET', path: 'reports/orders/totals', signal }, statusesSchema);
    return listed.map(({ slug }) => {
      const status = woocommerceStatuses[slug];
      return { name: slug, ...(status !== undefined && { status }) };
    });
  }

  lookAfterWebhooks(connection: Connection, target: WebhookTarget, signal: AbortSignal): Promise<WebhookUpkeep> {
    return lookAfterWebhooks(this.#shop, connection, target, signal);
  }

  /** Notes have no key of the caller's: one with the same words is the same. */
  async #addNote(connection: Connection, externalId: string, note: string, signal: AbortSignal): Promise<void> {
    const path = `${orderPath(externalId)}/notes`;
    const notes = await this.#shop.read(connection, { operation: 'notes.list', method: 'GET', path, signal }, notesSchema);
    if (notes.some((each) => each.note === note)) return;
    await this.#shop.answer(connection, { operation: 'notes.create', method: 'POST', path, body: { note }, idempotent: false, signal });
  }
}

function shopOrderOf(order: WooCommerceOrder): ShopOrder {
  return { externalId: String(order.id), modifiedAt: timeOf(order, 'modified'), isInBin: order.status === 'trash', payload: order };
}

function metaDataOf(meta: NonNullable<OrderWrite['meta']>): Array<{ key: string; value: string }> {
  return Object.entries(meta).map(([key, value]) => ({ key, value }));
}

function orderPath(id: string): string {
  return `orders/${encodeURIComponent(id)}`;
}
