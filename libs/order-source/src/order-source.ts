import type { Connection } from '@crossdock/connections';
import type { Failure, Order, OrderStatus, ShopVendor } from '@crossdock/contracts';
import type { OrderWebhooks, WebhookTarget, WebhookUpkeep } from './order-webhooks.ts';

/** An order as a shop tells it. */
export interface ShopOrder {
  readonly externalId: string;
  /** When the shop says it was last changed, ISO 8601 in UTC with milliseconds. */
  readonly modifiedAt: string;
  /** In the shop's bin: deleted, and able to come back. */
  readonly isInBin: boolean;
  /** The shop's own record; `canonical` reads it. */
  readonly payload: Record<string, unknown>;
}

/** A page of changed orders. */
export interface ChangedOrders {
  readonly orders: readonly ShopOrder[];
  /** Every change up to this time, ISO 8601 in UTC with milliseconds, has been told with this page; absent where that cannot be said. */
  readonly seenUntil?: string;
}

/** What is to stand in the shop's order; what is left out stays as it is. */
export interface OrderWrite {
  /** The shop's own word. */
  readonly status?: string;
  /** Custom fields by key; a key that is there already is overwritten. */
  readonly meta?: Readonly<Record<string, string>>;
  /** A line for the shop's own people, never shown to the customer. The same text is added once. */
  readonly note?: string;
}

/** Custom fields that are to stand in one of several orders. */
export interface OrderFields extends Required<Pick<OrderWrite, 'meta'>> {
  readonly externalId: string;
}

/** When orders were placed: from the first second to the last, both included, ISO 8601 in UTC with milliseconds. */
export interface PlacedWithin {
  readonly from: string;
  readonly to: string;
}

/** How a shop's order is to be read. */
export interface OrderReading {
  readonly connectionId: string;
  /** What a status of the shop stands for; the vendor's own words where it is left out. */
  readonly statusOf?: (word: string) => OrderStatus | undefined;
}

/** A status that a shop can give its orders. */
export interface ShopStatus {
  /** The shop's own word. */
  readonly name: string;
  /** What it means where nobody has said otherwise; absent where the hub has no word for it. */
  readonly status?: OrderStatus;
}

/**
 * A shop as the hub sees it. Each vendor's library has one implementation, and all of them pass the conformance suite.
 * Every call may be repeated: what was done before is not done twice. What a shop refuses, or does not answer, is thrown
 * as a `Failure`.
 */
export interface OrderSource {
  readonly vendor: ShopVendor;
  readonly webhooks: OrderWebhooks;

  /** A shop's own record in canonical form. @throws Failure `invalid` naming the field that cannot be read, never its value. */
  canonical(payload: Record<string, unknown>, reading: OrderReading): Order;

  /** The newest state of an order; undefined where the shop has none with this id, or has it no more. */
  getOrder(connection: Connection, externalId: string, signal: AbortSignal): Promise<ShopOrder | undefined>;

  /**
   * Every order that was changed at or after a time, what has gone into the bin included, page by page, oldest change
   * first. An order that changes meanwhile may come twice; none is left out. What was deleted for good is not told.
   * @param since ISO 8601 in UTC with milliseconds; callers go back some minutes behind what they have seen
   */
  changedOrders(connection: Connection, since: string, signal: AbortSignal): AsyncIterable<ChangedOrders>;

  /** Every order of a time that is not in the bin, page by page, oldest first. */
  placedOrders(connection: Connection, within: PlacedWithin, signal: AbortSignal): AsyncIterable<readonly ShopOrder[]>;

  /**
   * Writes into an order; the same again changes nothing further.
   * @returns the order afterwards.
   * @throws Failure `not_found` where the shop has it no more, `invalid` where the shop does not know the status.
   */
  writeOrder(connection: Connection, externalId: string, write: OrderWrite, signal: AbortSignal): Promise<ShopOrder>;

  /**
   * Writes custom fields into several orders, by as few calls as the shop allows; the same again changes nothing further.
   * @returns why the shop refused those that it refused, by the orders' ids; `not_found` where it has an order no more.
   * @throws Failure where the shop gave no answer; some may have been written then.
   */
  writeFields(connection: Connection, orders: readonly OrderFields[], signal: AbortSignal): Promise<ReadonlyMap<string, Failure>>;

  /** The statuses that orders of this shop can have. */
  describeStatuses(connection: Connection, signal: AbortSignal): Promise<readonly ShopStatus[]>;

  /**
   * Sees to it that the shop tells this address, and no other of this connection's, of every change of an order: makes what is missing, switches on what
   * was switched off or paused, and takes away what is there twice.
   */
  lookAfterWebhooks(connection: Connection, target: WebhookTarget, signal: AbortSignal): Promise<WebhookUpkeep>;
}
