import type { CrmVendor } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { isBehind } from '../crm-sync.machine.ts';
import { CustomerOrder } from '../order.entity.ts';
import { driftSchema, type Drift } from './order-drift.ts';

/** A difference that a comparison found. */
export const foundDriftSchema = driftSchema.extend({
  externalId: z.string(),
  orderId: z.uuid().exactOptional(),
  repaired: z.boolean(),
}).meta({ id: 'OrderDifference' });
export type FoundDrift = z.infer<typeof foundDriftSchema>;

/** Where a comparison stands in the orders of a window. */
export interface WindowPlace {
  readonly placedAt: string;
  readonly orderId: string;
}

/** How long the differences that were found stay to be looked at. */
const keptDays = 90;

/** Writes down what was found; the same again changes nothing. */
export async function keepDrift(manager: EntityManager, tenantId: string, comparisonId: string, found: readonly FoundDrift[]): Promise<void> {
  if (found.length === 0) return;
  await manager.query(
    `INSERT INTO order_drift (tenant_id, comparison_id, external_id, order_id, side, field, here, there, repaired)
     SELECT $1, $2, "externalId", "orderId", side, field, here, there, repaired
     FROM json_to_recordset($3::json) AS found ("externalId" text, "orderId" uuid, side text, field text, here text, there text, repaired boolean) ON CONFLICT DO NOTHING`,
    [tenantId, comparisonId, JSON.stringify(found)]);
}

export async function forgetOldDrift(manager: EntityManager): Promise<void> {
  await manager.query(`DELETE FROM order_drift WHERE found_at < now() - make_interval(days => $1)`, [keptDays]);
}

const driftColumns = 'external_id AS "externalId", order_id AS "orderId", side, field, here, there, repaired';

/** What a comparison found, a page in the order of shop's ids. */
export function listDrift(manager: EntityManager, comparisonId: string, { after, limit }: { readonly after: string; readonly limit: number }): Promise<Array<FoundDrift & { readonly place: string }>> {
  return manager.query(
    `SELECT ${driftColumns}, place FROM order_drift WHERE comparison_id = $1 AND place > $2 ORDER BY place LIMIT $3`, [comparisonId, after, limit]);
}

/** How many differences of each field were found. */
export function countDrift(manager: EntityManager, comparisonId: string): Promise<Array<Pick<Drift, 'side' | 'field'> & { readonly count: number; readonly repaired: number }>> {
  return manager.query(
    `SELECT side, field, count(*)::int AS count, (count(*) FILTER (WHERE repaired))::int AS repaired FROM order_drift
     WHERE comparison_id = $1 GROUP BY side, field ORDER BY side, field`, [comparisonId]);
}

/** Remembers which orders the shop listed, until the comparison has ended. */
export async function keepSeen(manager: EntityManager, tenantId: string, comparisonId: string, externalIds: readonly string[]): Promise<void> {
  await manager.query(
    `INSERT INTO order_seen (tenant_id, comparison_id, external_id) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`, [tenantId, comparisonId, externalIds]);
}

/** Forgets what is needed only while a comparison is under way. */
export async function clearComparison(manager: EntityManager, comparisonId: string): Promise<void> {
  await manager.query('DELETE FROM order_seen WHERE comparison_id = $1', [comparisonId]);
  await manager.query('DELETE FROM deal_question WHERE comparison_id = $1', [comparisonId]);
}

export interface OrderWindow {
  readonly connectionId: string;
  /** ISO 8601 in UTC with milliseconds, both included. */
  readonly from: string;
  readonly to: string;
}

/** A page of the orders of a window that the shop has not deleted, after a place. */
export function ordersOfWindow(
  manager: EntityManager, { connectionId, from, to }: OrderWindow, after: WindowPlace | undefined, limit: number,
): Promise<CustomerOrder[]> {
  const query = manager.createQueryBuilder(CustomerOrder, 'o')
    .where(`o.connectionId = :connectionId AND o.deletedAt IS NULL AND o.canonical ->> 'placedAt' BETWEEN :from AND :to`, { connectionId, from, to })
    .orderBy(`o.canonical ->> 'placedAt'`).addOrderBy('o.orderId').limit(limit);
  if (after) query.andWhere(`(o.canonical ->> 'placedAt', o.orderId) > (:placedAt, :orderId)`, { ...after });
  return query.getMany();
}

export function ordersByExternalId(manager: EntityManager, connectionId: string, externalIds: readonly string[]): Promise<CustomerOrder[]> {
  return manager.createQueryBuilder(CustomerOrder, 'o')
    .where('o.connectionId = :connectionId AND o.externalId = ANY(:externalIds)', { connectionId, externalIds }).getMany();
}

/** Of these ids those that the shop did not list. */
export async function unseenOf(manager: EntityManager, comparisonId: string, externalIds: readonly string[]): Promise<string[]> {
  const rows = await manager.query<Array<{ id: string }>>(
    `SELECT id FROM unnest($2::text[]) AS known (id)
     WHERE NOT EXISTS (SELECT 1 FROM order_seen WHERE comparison_id = $1 AND external_id = known.id)`, [comparisonId, externalIds]);
  return rows.map(({ id }) => id);
}

/** What the answer about a deal is compared for. */
export interface DealQuestion {
  readonly comparisonId: string;
  readonly repairs: boolean;
  /** Which state of the deal the CRM had when it was asked: what it is told meanwhile makes the answer an old one. */
  readonly revision: number;
}

/** A deal that the CRM is asked for. */
export interface AskedDeal {
  readonly orderId: string;
  readonly dealId: string;
  readonly revision: number;
}

export async function askForDeals(
  manager: EntityManager, tenantId: string, { comparisonId, repairs }: Pick<DealQuestion, 'comparisonId' | 'repairs'>, deals: readonly AskedDeal[],
): Promise<void> {
  await manager.query(
    `INSERT INTO deal_question (tenant_id, comparison_id, order_id, revision, repairs)
     SELECT $1, $2, order_id, revision, $5 FROM unnest($3::uuid[], $4::int[]) AS asked (order_id, revision) ON CONFLICT DO NOTHING`,
    [tenantId, comparisonId, deals.map(({ orderId }) => orderId), deals.map(({ revision }) => revision), repairs]);
}

/** Takes the open questions about orders' deals, which are answered by that. */
export async function takeQuestions(manager: EntityManager, orderIds: readonly string[]): Promise<DealQuestion[]> {
  const [rows] = await manager.query<[DealQuestion[], number]>(
    'DELETE FROM deal_question WHERE order_id = ANY ($1::uuid[]) RETURNING comparison_id AS "comparisonId", repairs, revision', [orderIds]);
  return rows;
}

/** The orders of a comparison whose deals have not been told yet. */
export async function openQuestions(manager: EntityManager, comparisonId: string): Promise<string[]> {
  const rows = await manager.query<Array<{ order_id: string }>>('SELECT order_id FROM deal_question WHERE comparison_id = $1', [comparisonId]);
  return rows.map((row) => row.order_id);
}

/** The deals of a page, by the CRM account that they are in; of what the CRM is being told it cannot say yet what it holds. */
export function dealsByAccount(orders: readonly CustomerOrder[]): Array<{ vendor: CrmVendor; connectionId: string; deals: AskedDeal[] }> {
  const settled = orders.filter(({ crmConnectionId, crmSync }) => crmConnectionId !== null && crmSync.dealId !== undefined && !isBehind(crmSync));
  return [...Map.groupBy(settled, ({ crmConnectionId }) => crmConnectionId).values()].flatMap((page) => {
    const [{ crmVendor: vendor, crmConnectionId: connectionId } = { crmVendor: null, crmConnectionId: null }] = page;
    if (vendor === null || connectionId === null) return [];
    const deals = page.flatMap(({ orderId, crmSync: { dealId, deal: { wanted: revision } } }) => (dealId === undefined ? [] : [{ orderId, dealId, revision }]));
    return [{ vendor, connectionId, deals }];
  });
}
