import { GatheredInserts, tenantContext } from '@crossdock/tenancy';
import type { OrderDecision } from '../order-decision.entity.ts';
import type { NewDecision } from '../order.repository.ts';

/** A line of an order's timeline, with what led to it. */
export type StoredDecision = NewDecision & Pick<OrderDecision, 'tenantId' | 'orderId' | 'decidedAt' | 'correlationId' | 'causationId'>;

/** The line of a timeline that is written for a decision now, in the scope of what led to it. */
export function decidedNow(orderId: string, { kind, detail }: NewDecision): StoredDecision {
  const { tenantId, correlationId, causationId = null } = tenantContext.require();
  return { tenantId, orderId, decidedAt: new Date(), kind, detail, correlationId, causationId };
}

/** The statement that adds decisions, in the order in which the parameter has them: a JSON array of `rowOfDecision`. */
export function insertDecisions(parameter: string): string {
  const types = 'tenant_id uuid, order_id uuid, decided_at timestamptz, kind text, detail jsonb, correlation_id uuid, causation_id uuid';
  const columns = 'tenant_id, order_id, decided_at, kind, detail, correlation_id, causation_id';
  return `INSERT INTO order_decision (${columns}) SELECT ${columns}
    FROM ROWS FROM (json_to_recordset(${parameter}::json) AS (${types})) WITH ORDINALITY AS decision (${columns}, place) ORDER BY place`;
}

export function rowOfDecision({ tenantId, orderId, decidedAt, kind, detail, correlationId, causationId }: StoredDecision): object {
  return { tenant_id: tenantId, order_id: orderId, decided_at: decidedAt, kind, detail, correlation_id: correlationId, causation_id: causationId };
}

/** Lines for the timelines of orders that nobody changes: all of a transaction by one statement before it commits. */
export const timelineNotes = new GatheredInserts<StoredDecision>((_, decisions) => ({
  text: insertDecisions('$1'), values: [JSON.stringify(decisions.map(rowOfDecision))],
}));
