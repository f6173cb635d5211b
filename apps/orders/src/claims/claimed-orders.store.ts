import { namedConnectionsAmong, namedConnectionSchema, type NamedConnection } from '@crossdock/connections';
import { plannedForAnyLength, runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { crmObjects } from '../crm-sync.machine.ts';
import type { CustomerOrder } from '../order.entity.ts';
import type { CrmRequestEntry } from '../order.repository.ts';
import { insertDecisions, rowOfDecision, type StoredDecision } from '../timeline/decision-rows.ts';
import { orderColumns, orderOfRow, rowOfOrder } from './order-row.ts';

/** Which orders a transaction is to change. */
export interface WantedOrders {
  /** Orders that a shop tells of. Those that seem new are kept from everybody else before it is looked whether they are there. */
  readonly told?: ReadonlyArray<{ readonly connectionId: string; readonly orderId: string; readonly isNew: boolean }>;
  /** Orders that are there, if they are the tenant's. */
  readonly orderIds?: readonly string[];
  /** The orders that these requests to the CRM were made for. */
  readonly requestIds?: readonly string[];
  /** The orders whose deals have these ids at the CRM. */
  readonly deals?: ReadonlyArray<{ readonly connectionId: string; readonly externalId: string }>;
}

/** What is read of orders that are to be changed. */
export interface ClaimedRows {
  readonly orders: readonly CustomerOrder[];
  /** Those of them for whose deals a comparison waits. */
  readonly askedFor: ReadonlySet<string>;
  /** The version of the tenant's state machine that holds; undefined where that is the default. */
  readonly machineVersion: number | undefined;
  readonly requests: readonly CrmRequestEntry[];
  /** The tenant's shops among those asked for. */
  readonly shops: readonly NamedConnection[];
}

/** What `readClaimed` is asked for. */
interface ClaimedParts extends Omit<WantedOrders, 'told'> {
  /** The shops that told of the orders. */
  readonly shopIds?: readonly string[];
}

/** Keeps everybody else from orders with these ids until the transaction ends, though they may not exist yet: what is read next waits for those who do so. */
export function lockOrderIds(manager: EntityManager, orderIds: readonly string[]): void {
  if (orderIds.length === 0) return;
  runLater(manager, { text: 'SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) FROM unnest($1::text[]) AS id', values: [orderIds.map((id) => `order/${id}`).toSorted()] });
}

const claimedRowsSchema = z.tuple([z.object({
  orders: z.array(z.looseObject({ order_id: z.string() })).nullable(),
  asked_for: z.array(z.string()).default([]),
  machine_version: z.int().nullable(),
  requests: z.array(z.object({
    requestId: z.string(), orderId: z.string(), object: z.enum(crmObjects), revision: z.int(), outcome: z.enum(['upserted', 'refused']).nullable(),
  })).nullish(),
  shops: z.array(namedConnectionSchema).nullish(),
})]);

/**
 * Reads orders by one statement, which is composed of what is wanted: each part costs something though it finds nothing. The orders' rows
 * are locked until the transaction ends; what refers to them may be written beside that.
 */
export async function readClaimed(manager: EntityManager, { orderIds = [], requestIds = [], deals = [], shopIds = [] }: ClaimedParts): Promise<ClaimedRows> {
  const values: unknown[] = [];
  const parameter = (value: readonly string[], type: 'uuid[]' | 'text[]'): string => plannedForAnyLength(`$${values.push(value)}`, type);
  const ids = [parameter(orderIds, 'uuid[]')];
  const read = ['(SELECT version FROM order_machine WHERE is_active) AS machine_version', '(SELECT json_agg(claimed) FROM claimed) AS orders'];
  if (requestIds.length > 0) {
    const requests = `FROM crm_request WHERE request_id = ANY (${parameter(requestIds, 'uuid[]')})`;
    ids.push(`ARRAY(SELECT order_id ${requests})`);
    read.push(`(SELECT json_agg(json_build_object('requestId', request_id, 'orderId', order_id, 'object', object, 'revision', revision, 'outcome', outcome)) ${requests}) AS requests`);
  }
  if (deals.length > 0) {
    const accounts = parameter(deals.map(({ connectionId }) => connectionId), 'uuid[]');
    // A look-up each, by the index: joined, all deals of the tenant may be read.
    ids.push(`ARRAY(SELECT (SELECT order_id FROM customer_order WHERE crm_connection_id = deal.account_id AND crm_order_id = deal.deal_id)
      FROM unnest(${accounts}, ${parameter(deals.map(({ externalId }) => externalId), 'text[]')}) AS deal (account_id, deal_id))`);
    read.push('ARRAY(SELECT order_id::text FROM deal_question WHERE order_id = ANY (ARRAY(SELECT order_id FROM claimed))) AS asked_for');
  }
  if (shopIds.length > 0) read.push(`${namedConnectionsAmong(parameter(shopIds, 'uuid[]'))} AS shops`);
  const [{ orders, asked_for: askedFor, machine_version: machineVersion, requests, shops }] = claimedRowsSchema.parse(await manager.query(
    `WITH claimed AS (
       SELECT ${orderColumns(manager).join(', ')} FROM customer_order WHERE order_id = ANY (${ids.join(' || ')}) ORDER BY order_id FOR NO KEY UPDATE
     ) SELECT ${read.join(', ')}`, values));
  return {
    orders: (orders ?? []).map((row) => orderOfRow(manager, row)), requests: requests ?? [], shops: shops ?? [],
    askedFor: new Set(askedFor), machineVersion: machineVersion ?? undefined,
  };
}

/** Stores orders that were claimed before, what was decided about them, and what was asked of the CRM and answered: one statement, which is sent with the next one. */
export function writeOrders(
  manager: EntityManager, orders: readonly CustomerOrder[],
  { decisions, asked, answered }: { readonly decisions: readonly StoredDecision[]; readonly asked: readonly CrmRequestEntry[]; readonly answered: readonly CrmRequestEntry[] },
): void {
  const { tenantId } = tenantContext.require();
  const columns = orderColumns(manager);
  runLater(manager, {
    text: `WITH saved AS (
       INSERT INTO customer_order (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::customer_order, $1::json) ORDER BY order_id
       ON CONFLICT (order_id) DO UPDATE SET ${columns.filter((column) => !fixedColumns.has(column)).map((column) => `${column} = excluded.${column}`).join(', ')}
     ), asked AS (
       INSERT INTO crm_request (request_id, tenant_id, order_id, object, revision, requested_at)
       SELECT request_id, $2, order_id, object, revision, $3 FROM json_to_recordset($4::json) AS entry (request_id uuid, order_id uuid, object text, revision int)
     ), answered AS (
       UPDATE crm_request SET outcome = entry.outcome FROM json_to_recordset($5::json) AS entry (request_id uuid, object text, outcome text)
       WHERE crm_request.request_id = ANY (${plannedForAnyLength('$7', 'uuid[]')}) AND crm_request.request_id = entry.request_id AND crm_request.object = entry.object
     )
     ${insertDecisions('$6')}`,
    values: [
      JSON.stringify(orders.map((order) => rowOfOrder(manager, order))), tenantId, new Date().toISOString(),
      JSON.stringify(asked.map(rowOfRequest)), JSON.stringify(answered.map(rowOfRequest)), JSON.stringify(decisions.map(rowOfDecision)),
      answered.map(({ requestId }) => requestId),
    ],
  });
}

/** What an order is from its first day on. */
const fixedColumns: ReadonlySet<string> = new Set(['order_id', 'tenant_id', 'connection_id', 'external_id', 'created_at']);

function rowOfRequest({ requestId, orderId, object, revision, outcome }: CrmRequestEntry): object {
  return { request_id: requestId, order_id: orderId, object, revision, outcome };
}
