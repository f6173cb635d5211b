import type { NamedConnection } from '@crossdock/connections';
import type { EntityManager } from 'typeorm';
import type { CustomerOrder } from '../order.entity.ts';
import type { CrmRequestEntry, OrderBooks } from '../order.repository.ts';
import { decidedNow, type StoredDecision } from '../timeline/decision-rows.ts';
import { lockOrderIds, readClaimed, writeOrders, type ClaimedRows, type WantedOrders } from './claimed-orders.store.ts';

/**
 * Orders of one tenant that a transaction has read and locked by one statement, whether one came or many, and writes by one. Until the
 * transaction ends nobody else changes them: shop, CRM answer and CRM webhook reach one order from different topics at the same time.
 */
export class ClaimedOrders {
  readonly manager: EntityManager;
  /** The version of the state machine that holds for the tenant; undefined where that is the default. */
  readonly machineVersion: number | undefined;
  readonly #shops: ReadonlyMap<string, NamedConnection>;
  readonly #orders = new Map<string, CustomerOrder>();
  readonly #askedFor: ReadonlySet<string>;
  readonly #claimed: ReadonlySet<string>;
  readonly #requests: ReadonlyMap<string, CrmRequestEntry[]>;
  readonly #unsaved = new Set<CustomerOrder>();
  readonly #decisions: StoredDecision[] = [];
  readonly #asked: CrmRequestEntry[] = [];
  readonly #answered = new Map<string, CrmRequestEntry>();

  private constructor(manager: EntityManager, claimed: ReadonlySet<string>, { orders, askedFor, machineVersion, requests, shops }: ClaimedRows) {
    this.manager = manager;
    this.machineVersion = machineVersion;
    this.#claimed = claimed;
    this.#askedFor = askedFor;
    this.#shops = new Map(shops.map((shop) => [shop.id, shop]));
    this.#requests = Map.groupBy(requests, ({ requestId }) => requestId);
    for (const order of orders) this.#orders.set(order.orderId, order);
  }

  /**
   * Claims orders in the caller's tenant transaction, has `work` change them, and writes what it kept and noted. What is kept is not in the
   * database before `work` has ended; where it cannot be written, the transaction's next statement fails, or its commit.
   */
  static async change<Result>(manager: EntityManager, wanted: WantedOrders, work: (orders: ClaimedOrders) => Promise<Result>): Promise<Result> {
    const orders = await ClaimedOrders.#claim(manager, wanted);
    const result = await work(orders);
    orders.#write();
    return result;
  }

  static async #claim(manager: EntityManager, { told = [], orderIds = [], ...others }: WantedOrders): Promise<ClaimedOrders> {
    const [fresh, known] = [idsOf(told.filter(({ isNew }) => isNew)), idsOf(told.filter(({ isNew }) => !isNew))];
    const wanted = { ...others, orderIds: [...fresh, ...known, ...orderIds.map(lowerCase)], shopIds: [...new Set(told.map(({ connectionId }) => connectionId))] };
    lockOrderIds(manager, fresh);
    const rows = await readClaimed(manager, wanted);
    const found = new Set(rows.orders.map(({ orderId }) => orderId));
    const missing = known.filter((id) => !found.has(id) && !fresh.includes(id));
    lockOrderIds(manager, missing);
    // Whoever had the lock before may have made them.
    const made = missing.length === 0 ? [] : (await readClaimed(manager, { orderIds: missing })).orders;
    return new ClaimedOrders(manager, new Set([...wanted.orderIds, ...found]), { ...rows, orders: [...rows.orders, ...made] });
  }

  /** @returns undefined where the tenant has no such order. @throws Error where it was not claimed. */
  find(orderId: string): CustomerOrder | undefined {
    const id = lowerCase(orderId);
    if (!this.#claimed.has(id)) throw new Error(`Order ${id} was not claimed in this transaction.`);
    return this.#orders.get(id);
  }

  /** The shop that told of claimed orders; undefined where the tenant has no such connection. */
  findShop(connectionId: string): NamedConnection | undefined {
    return this.#shops.get(lowerCase(connectionId));
  }

  /** The claimed order whose deal has this id at the CRM. */
  findOfDeal(connectionId: string, dealId: string): CustomerOrder | undefined {
    return [...this.#orders.values()].find(({ crmConnectionId, crmSync }) => crmConnectionId === connectionId && crmSync.dealId === dealId);
  }

  /** What was asked by the request with this id, an entry for each object; none where it is not one of ours. */
  requestsOf(requestId: string): readonly CrmRequestEntry[] {
    return (this.#requests.get(requestId) ?? []).map((entry) => this.#answered.get(keyOf(entry)) ?? entry);
  }

  /** Whether a comparison waits for what the CRM tells of the order's deal. */
  isAskedFor({ orderId }: CustomerOrder): boolean {
    return this.#askedFor.has(orderId);
  }

  /** Has a claimed order stored as it is in the end. */
  keep(order: CustomerOrder): void {
    this.#orders.set(order.orderId, order);
    this.#unsaved.add(order);
  }

  /** Adds to the order's timeline, with the event that led to it, and keeps what was asked of the CRM and what it answered. */
  note({ orderId }: Pick<CustomerOrder, 'orderId'>, { decisions, asked = [], answered = [] }: OrderBooks): void {
    this.#decisions.push(...decisions.map((decision) => decidedNow(orderId, decision)));
    this.#asked.push(...asked);
    for (const entry of answered) this.#answered.set(keyOf(entry), entry);
  }

  #write(): void {
    const books = { decisions: this.#decisions, asked: this.#asked, answered: [...this.#answered.values()] };
    if (this.#unsaved.size === 0 && Object.values(books).every(({ length }) => length === 0)) return;
    const updatedAt = new Date();
    for (const order of this.#unsaved) order.updatedAt = updatedAt;
    writeOrders(this.manager, [...this.#unsaved], books);
  }
}

const lowerCase = (id: string): string => id.toLowerCase();
const idsOf = (told: ReadonlyArray<{ readonly orderId: string }>): string[] => [...new Set(told.map(({ orderId }) => orderId))];
const keyOf = ({ requestId, object }: CrmRequestEntry): string => `${requestId}/${object}`;
