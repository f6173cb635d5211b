import { Failure } from '@crossdock/contracts';
import type { Connection, CredentialVault } from '@crossdock/connections';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import { woocommerceFailure } from './woocommerce.errors.ts';
import { woocommerceLimits, woocommerceRateLimits } from './woocommerce.limits.ts';
import { shopAddress } from './woocommerce.shop.ts';

/** Names of a shop's secrets in the vault. */
export const woocommerceCredentials = {
  consumerKey: 'consumer_key', consumerSecret: 'consumer_secret', webhookSecret: 'webhook_secret',
} as const;

export interface WooCommerceClientOptions {
  readonly http: OutboundHttp;
  readonly vault: Pick<CredentialVault, 'use'>;
}

/** An order as the shop tells it; `toCanonicalOrder` reads it. */
const orderSchema = z.looseObject({ id: z.int().positive() });
export type WooCommerceOrder = z.infer<typeof orderSchema>;

export interface OrderPage {
  readonly orders: readonly WooCommerceOrder[];
  readonly totalPages: number;
}

export interface OrderListing {
  /** Orders changed after this time, ISO 8601 UTC. */
  readonly modifiedAfter: string;
  /** Counted from 1. */
  readonly page: number;
  readonly pageSize?: number;
}

export interface OrderUpdate {
  readonly status?: string;
  /** Custom fields by key; a key that is there already is overwritten. */
  readonly meta?: Readonly<Record<string, string>>;
}

interface Call {
  readonly operation: string;
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls of a shop's REST interface v3. The connection's `endpoint` is the shop's address.
 * Every method throws what `woocommerceFailure` makes of a refusal, and OutboundHttp's failures.
 */
export class WooCommerceClient {
  readonly #options: WooCommerceClientOptions;

  constructor(options: WooCommerceClientOptions) {
    this.#options = options;
  }

  async getOrder(connection: Connection, id: string, signal?: AbortSignal): Promise<WooCommerceOrder> {
    const answer = await this.#call(connection, { operation: 'orders.get', method: 'GET', path: orderPath(id), signal });
    return guard(orderSchema, answer, 'orders.get');
  }

  /**
   * One page of changed orders, oldest change first, so that a cursor on the modification time loses none. Ordering by
   * it is missing in the documents but part of the interface: `get_collection_params()` in class-wc-rest-crud-controller.php.
   */
  async listOrders(connection: Connection, listing: OrderListing, signal?: AbortSignal): Promise<OrderPage> {
    const query = new URLSearchParams({
      modified_after: listing.modifiedAfter, dates_are_gmt: 'true', orderby: 'modified', order: 'asc',
      page: String(listing.page), per_page: String(listing.pageSize ?? woocommerceLimits.maxPageSize),
    });
    const answer = await this.#call(connection, { operation: 'orders.list', method: 'GET', path: `orders?${query.toString()}`, signal });
    const totalPages = z.coerce.number().int().min(0).safeParse(answer.headers.get('x-wp-totalpages'));
    if (!totalPages.success) throw unexpected('orders.list');
    return { orders: guard(z.array(orderSchema), answer, 'orders.list'), totalPages: totalPages.data };
  }

  /** Sets status and custom fields; the same update again changes nothing further. */
  async updateOrder(connection: Connection, id: string, update: OrderUpdate, signal?: AbortSignal): Promise<WooCommerceOrder> {
    const { status, meta = {} } = update;
    const metaData = Object.entries(meta).map(([key, value]) => ({ key, value }));
    const body = { ...(status !== undefined && { status }), ...(metaData.length > 0 && { meta_data: metaData }) };
    const answer = await this.#call(connection, { operation: 'orders.update', method: 'PUT', path: orderPath(id), body, signal });
    return guard(orderSchema, answer, 'orders.update');
  }

  #call(connection: Connection, call: Call): Promise<VendorResponse> {
    return this.#options.vault.use(connection, [woocommerceCredentials.consumerKey, woocommerceCredentials.consumerSecret], (keys) =>
      this.#callWith(connection, keys.join(':'), call));
  }

  async #callWith(connection: Connection, keys: string, { operation, method, path, body, signal }: Call): Promise<VendorResponse> {
    const answer = await this.#options.http.send({
      vendor: 'woocommerce', tenantId: connection.tenantId, connectionId: connection.id,
      operation, method, idempotent: true,
      url: `${addressOf(connection)}/${woocommerceLimits.apiPath}/${path}`,
      headers: {
        authorization: `Basic ${Buffer.from(keys).toString('base64')}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs: woocommerceLimits.timeoutMs,
      maxResponseBytes: woocommerceLimits.maxResponseBytes,
      budget: { limits: woocommerceRateLimits, settings: connection.settings },
      ...(signal && { signal }),
    });
    if (answer.status === 200) return answer;
    throw woocommerceFailure({ operation, status: answer.status, headers: answer.headers, body: answer.text() });
  }
}

/** @throws Failure `unauthorised` where the connection holds no address that opens. */
function addressOf({ endpoint }: Connection): string {
  if (endpoint === undefined) throw new Failure('unauthorised', 'The address of the WooCommerce shop is missing or does not open; connect the shop again.');
  return shopAddress(endpoint);
}

function orderPath(id: string): string {
  return `orders/${encodeURIComponent(id)}`;
}

function guard<Schema extends z.ZodType>(schema: Schema, answer: VendorResponse, operation: string): z.infer<Schema> {
  try {
    return schema.parse(answer.json());
  } catch {
    throw unexpected(operation);
  }
}

function unexpected(operation: string): Failure {
  return new Failure('unexpected', `WooCommerce's answer to ${operation} is not as documented; a plugin of the shop may spoil it.`);
}
