import { tenantContext } from '@crossdock/tenancy';
import { MoreThan, type EntityManager, type ObjectLiteral } from 'typeorm';
import { CrmRequestRecord } from './crm-request.entity.ts';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';

/**
 * Reads an order to change it. Until the transaction ends nobody else does so, not even where the order does not exist
 * yet: shop, CRM answer and CRM webhook reach one order from different topics at the same time.
 */
export async function claimOrder(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`order/${orderId}`]);
  return findOrder(manager, orderId);
}

/** The order, or undefined where the tenant has none with this id. */
export async function findOrder(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  return (await manager.findOneBy(CustomerOrder, { orderId })) ?? undefined;
}

/** The id of the order whose deal has this id at the CRM. */
export async function findOrderIdOfDeal(
  manager: EntityManager, crmConnectionId: string, dealId: string,
): Promise<string | undefined> {
  const [row] = await manager.query<Array<{ order_id: string }>>(
    'SELECT order_id FROM customer_order WHERE crm_connection_id = $1 AND crm_order_id = $2',
    [crmConnectionId, dealId],
  );
  return row?.order_id;
}

/** Stores an order that was claimed before. */
export async function saveOrder(manager: EntityManager, order: CustomerOrder): Promise<void> {
  order.updatedAt = new Date();
  // One statement, where `save` would read the row first. The method's own type for values does not take fields of type `unknown`.
  await manager.upsert<ObjectLiteral>(CustomerOrder, order, ['orderId']);
}

/** One line of an order's timeline. */
export type NewDecision = Pick<OrderDecision, 'kind' | 'detail'>;

/** Adds to the order's timeline, in this order, with the event that led to it. */
export async function recordDecisions(manager: EntityManager, order: CustomerOrder, decisions: readonly NewDecision[]): Promise<void> {
  const { correlationId, causationId } = tenantContext.require();
  const decidedAt = new Date();
  await manager.insert(OrderDecision, decisions.map((decision) => ({
    ...decision, tenantId: order.tenantId, orderId: order.orderId, decidedAt, correlationId, causationId: causationId ?? null,
  })));
}

/** Remembers which order a request to the CRM is for, and which revisions it carries. */
export async function rememberCrmRequest(
  manager: EntityManager, order: CustomerOrder, requestId: string, revisions: ReadonlyArray<Pick<CrmRequestRecord, 'object' | 'revision'>>,
): Promise<void> {
  const requestedAt = new Date();
  await manager.insert(CrmRequestRecord, revisions.map((each) => ({
    ...each, requestId, tenantId: order.tenantId, orderId: order.orderId, requestedAt, outcome: null,
  })));
}

/** Remembers what the CRM answered to a request for an object. */
export async function rememberCrmOutcome(
  manager: EntityManager, { requestId, object }: CrmRequestRecord, outcome: 'upserted' | 'refused',
): Promise<void> {
  await manager.update(CrmRequestRecord, { requestId, object }, { outcome });
}

/** What was asked by the request with this id, an entry for each object; none where it is not one of ours. */
export function findCrmRequest(manager: EntityManager, requestId: string): Promise<CrmRequestRecord[]> {
  return manager.findBy(CrmRequestRecord, { requestId });
}

/** An order's timeline, oldest first, after the decision with the id `after`. */
export function listDecisions(
  manager: EntityManager, orderId: string, { limit, after }: { limit: number; after: string },
): Promise<OrderDecision[]> {
  return manager.find(OrderDecision, {
    where: { orderId, decisionId: MoreThan(after) }, order: { decisionId: 'ASC' }, take: limit,
  });
}
