import type { CrmObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { MoreThan, type EntityManager } from 'typeorm';
import { CrmRequestRecord } from './crm-request.entity.ts';
import { OrderDecision, type OrderDecisionKind } from './order-decision.entity.ts';
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
  await manager.save(CustomerOrder, order);
}

/** Adds to the order's timeline, with the event that led to it. */
export async function recordDecision(
  manager: EntityManager, order: CustomerOrder, kind: OrderDecisionKind, detail: OrderDecision['detail'],
): Promise<void> {
  const { correlationId, causationId } = tenantContext.require();
  await manager.insert(OrderDecision, {
    tenantId: order.tenantId,
    orderId: order.orderId,
    decidedAt: new Date(),
    kind,
    detail,
    correlationId,
    causationId: causationId ?? null,
  });
}

/** Remembers which order a request to the CRM is for. */
export async function rememberCrmRequest(
  manager: EntityManager, order: CustomerOrder, request: { requestId: string; object: CrmObject; revision: number },
): Promise<void> {
  await manager.insert(CrmRequestRecord, {
    ...request, tenantId: order.tenantId, orderId: order.orderId, requestedAt: new Date(), outcome: null,
  });
}

/** Remembers what the CRM answered to a request. */
export async function rememberCrmOutcome(
  manager: EntityManager, requestId: string, outcome: 'upserted' | 'refused',
): Promise<void> {
  await manager.update(CrmRequestRecord, { requestId }, { outcome });
}

/** The request with this id, or undefined where it is not one of ours. */
export async function findCrmRequest(manager: EntityManager, requestId: string): Promise<CrmRequestRecord | undefined> {
  return (await manager.findOneBy(CrmRequestRecord, { requestId })) ?? undefined;
}

/** An order's timeline, oldest first, after the decision with the id `after`. */
export function listDecisions(
  manager: EntityManager, orderId: string, { limit, after }: { limit: number; after: string },
): Promise<OrderDecision[]> {
  return manager.find(OrderDecision, {
    where: { orderId, decisionId: MoreThan(after) }, order: { decisionId: 'ASC' }, take: limit,
  });
}
