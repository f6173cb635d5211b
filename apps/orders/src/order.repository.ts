import type { UpsertObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { In, MoreThan, type EntityManager } from 'typeorm';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';

/** The order, or undefined where the tenant has none with this id. */
export async function findOrder(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  return (await manager.findOneBy(CustomerOrder, { orderId })) ?? undefined;
}

/** Those of these orders that the tenant has, by one statement. */
export function findOrders(manager: EntityManager, orderIds: readonly string[]): Promise<CustomerOrder[]> {
  return manager.findBy(CustomerOrder, { orderId: In([...orderIds]) });
}

/** The orders whose deals have these ids at the CRM. */
export async function findOrdersOfDeals(manager: EntityManager, deals: ReadonlyArray<{ readonly connectionId: string; readonly externalId: string }>): Promise<CustomerOrder[]> {
  const rows = await manager.query<Array<{ order_id: string }>>(
    `SELECT order_id FROM customer_order JOIN unnest($2::uuid[], $3::text[]) AS deal (connection_id, external_id)
       ON customer_order.crm_connection_id = deal.connection_id AND customer_order.crm_order_id = deal.external_id WHERE tenant_id = $1`,
    [tenantContext.require().tenantId, deals.map(({ connectionId }) => connectionId), deals.map(({ externalId }) => externalId)]);
  return findOrders(manager, rows.map(({ order_id: id }) => id));
}

/** One line of an order's timeline. */
export type NewDecision = Pick<OrderDecision, 'kind' | 'detail'>;

/** What was asked of a CRM for one object of an order, so that its answer finds the order. */
export interface CrmRequestEntry {
  readonly requestId: string;
  readonly orderId: string;
  readonly object: UpsertObject;
  readonly revision: number;
  /** What the CRM answered; null while it has not. A refused request may be mended and succeed later. */
  readonly outcome: 'upserted' | 'refused' | null;
}

/** What is written down beside an order. */
export interface OrderBooks {
  /** For the timeline, in this order. */
  readonly decisions: readonly NewDecision[];
  readonly asked?: readonly CrmRequestEntry[];
  /** With their outcomes. */
  readonly answered?: readonly CrmRequestEntry[];
}

/** An order's timeline, oldest first, after the decision with the id `after`. */
export function listDecisions(
  manager: EntityManager, orderId: string, { limit, after }: { limit: number; after: string },
): Promise<OrderDecision[]> {
  return manager.find(OrderDecision, {
    where: { orderId, decisionId: MoreThan(after) }, order: { decisionId: 'ASC' }, take: limit,
  });
}

/** When a decision about the order was made, in the caller's tenant transaction; undefined where there is no such decision. */
export async function timeOfDecision(manager: EntityManager, orderId: string, decisionId: string): Promise<Date | undefined> {
  return (await manager.findOneBy(OrderDecision, { orderId, decisionId }))?.decidedAt;
}
