import type { UpsertObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { In, MoreThan, type EntityManager, type ObjectLiteral } from 'typeorm';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';

/**
 * Reads an order to change it. Until the transaction ends nobody else does so, not even where the order does not exist
 * yet: shop, CRM answer and CRM webhook reach one order from different topics at the same time.
 */
export async function claimOrder(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  const known = await findToChange(manager, orderId);
  if (known) return known;
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`order/${orderId}`]);
  // Whoever had the lock before may have made it.
  return findToChange(manager, orderId);
}

/** Its row is locked until the transaction ends; what refers to it may be written beside that. */
async function findToChange(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  return (await manager.findOne(CustomerOrder, { where: { orderId }, lock: { mode: 'for_no_key_update' } })) ?? undefined;
}

/** The order, or undefined where the tenant has none with this id. */
export async function findOrder(manager: EntityManager, orderId: string): Promise<CustomerOrder | undefined> {
  return (await manager.findOneBy(CustomerOrder, { orderId })) ?? undefined;
}

/** Those of these orders that the tenant has, by one statement. */
export function findOrders(manager: EntityManager, orderIds: readonly string[]): Promise<CustomerOrder[]> {
  return manager.findBy(CustomerOrder, { orderId: In([...orderIds]) });
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

/** The orders whose deals have these ids at the CRM. */
export async function findOrdersOfDeals(manager: EntityManager, deals: ReadonlyArray<{ readonly connectionId: string; readonly externalId: string }>): Promise<CustomerOrder[]> {
  const rows = await manager.query<Array<{ order_id: string }>>(
    `SELECT order_id FROM customer_order JOIN unnest($2::uuid[], $3::text[]) AS deal (connection_id, external_id)
       ON customer_order.crm_connection_id = deal.connection_id AND customer_order.crm_order_id = deal.external_id WHERE tenant_id = $1`,
    [tenantContext.require().tenantId, deals.map(({ connectionId }) => connectionId), deals.map(({ externalId }) => externalId)]);
  return findOrders(manager, rows.map(({ order_id: id }) => id));
}

/** Stores an order that was claimed before. */
export async function saveOrder(manager: EntityManager, order: CustomerOrder): Promise<void> {
  order.updatedAt = new Date();
  // One statement, where `save` would read the row first. The method's own type for values does not take fields of type `unknown`.
  await manager.upsert<ObjectLiteral>(CustomerOrder, order, ['orderId']);
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

/** Adds to the order's timeline, with the event that led to it, and keeps what was asked of the CRM and what it answered: one statement. */
export async function writeBooks(manager: EntityManager, { tenantId, orderId }: Pick<CustomerOrder, 'tenantId' | 'orderId'>, { decisions, asked = [], answered = [] }: OrderBooks): Promise<void> {
  const { correlationId, causationId } = tenantContext.require();
  await manager.query(
    `WITH asked AS (
       INSERT INTO crm_request (request_id, tenant_id, order_id, object, revision, requested_at)
       SELECT request_id, $1, $2, object, revision, $3 FROM unnest($8::uuid[], $9::text[], $10::int[]) AS entry (request_id, object, revision)
     ), answered AS (
       UPDATE crm_request SET outcome = entry.outcome FROM unnest($11::uuid[], $12::text[], $13::text[]) AS entry (request_id, object, outcome)
       WHERE crm_request.request_id = entry.request_id AND crm_request.object = entry.object
     )
     INSERT INTO order_decision (tenant_id, order_id, decided_at, kind, detail, correlation_id, causation_id)
     SELECT $1, $2, $3, kind, detail, $4, $5 FROM unnest($6::text[], $7::jsonb[]) WITH ORDINALITY AS decision (kind, detail, place) ORDER BY place`,
    [
      tenantId, orderId, new Date(), correlationId, causationId ?? null,
      decisions.map(({ kind }) => kind), decisions.map(({ detail }) => JSON.stringify(detail)),
      asked.map(({ requestId }) => requestId), asked.map(({ object }) => object), asked.map(({ revision }) => revision),
      answered.map(({ requestId }) => requestId), answered.map(({ object }) => object), answered.map(({ outcome }) => outcome),
    ]);
}

/** What was asked by the request with this id, an entry for each object; none where it is not one of ours. */
export function findCrmRequest(manager: EntityManager, requestId: string): Promise<CrmRequestEntry[]> {
  return manager.query<CrmRequestEntry[]>(
    'SELECT request_id AS "requestId", order_id AS "orderId", object, revision, outcome FROM crm_request WHERE request_id = $1', [requestId]);
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
