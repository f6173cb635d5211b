import { ConnectionStore, listCallsOfCauses, type CallView } from '@crossdock/connections';
import type { OrderStatus } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OrderDecision, OrderDecisionKind } from '../order-decision.entity.ts';
import type { CustomerOrder } from '../order.entity.ts';
import { listDecisions, timeOfDecision } from '../order.repository.ts';
import { waitingOf, type Waiting } from './waiting.ts';

/** One line of an order's timeline. Times are ISO 8601 in UTC with milliseconds. */
export interface TimelineEntry {
  readonly at: string;
  /** What was decided, or `vendor_call`. */
  readonly kind: OrderDecisionKind | 'vendor_call';
  readonly detail: OrderDecision['detail'];
  /** The same for everything that one cause from outside set in motion. */
  readonly correlationId?: string;
  /** The event that led to it. */
  readonly causationId?: string;
}

export interface OrderTimeline {
  readonly now: { readonly status: OrderStatus; readonly since: string; readonly waitsFor: readonly Waiting[] };
  readonly items: readonly TimelineEntry[];
  readonly nextCursor?: string;
}

/** So many calls at most stand between the decisions of a page. */
const mostCalls = 500;
/** Causes beyond these are of so long ago that their calls are not kept any more. */
const mostCauses = 1_000;

/** Tells what happened to an order: what came in, what was decided, and which calls to vendors that led to, of every service. */
@Injectable()
export class OrderTimelines {
  constructor(private readonly connections: ConnectionStore) {}

  /** @param page.cursor the last line's of the page before */
  async of(manager: EntityManager, order: CustomerOrder, { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined }): Promise<OrderTimeline> {
    const decisions = await listDecisions(manager, order.orderId, { limit: limit + 1, after: cursor ?? '0' });
    const page = decisions.slice(0, limit);
    const last = decisions.length > limit ? page.at(-1) : undefined;
    const calls = await listCallsOfCauses(manager, {
      correlationIds: await causesOf(manager, order.orderId), limit: mostCalls,
      after: cursor === undefined ? undefined : await timeOfDecision(manager, order.orderId, cursor), until: last?.decidedAt,
    });
    return {
      now: { status: order.status, since: order.statusSince.toISOString(), waitsFor: await waitingOf(manager, this.connections, order) },
      items: [...page.map(entryOf), ...calls.map(entryOfCall)].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)),
      ...(last && { nextCursor: last.decisionId }),
    };
  }
}

async function causesOf(manager: EntityManager, orderId: string): Promise<string[]> {
  const rows = await manager.query<Array<{ correlation_id: string }>>(
    'SELECT correlation_id FROM order_decision WHERE order_id = $1 GROUP BY correlation_id ORDER BY max(decision_id) DESC LIMIT $2', [orderId, mostCauses]);
  return rows.map((row) => row.correlation_id);
}

function entryOf({ decidedAt, kind, detail, correlationId, causationId }: OrderDecision): TimelineEntry {
  return { at: decidedAt.toISOString(), kind, detail, correlationId, ...(causationId !== null && { causationId }) };
}

/** A call that was tried again stands there once for each try. */
function entryOfCall({ startedAt, vendor, operation, method, attempt, outcome, status, durationMs, connectionId, correlationId }: CallView): TimelineEntry {
  return {
    at: startedAt, kind: 'vendor_call',
    detail: { vendor, operation, method, attempt, outcome, durationMs, connectionId, ...(status !== null && { status }) },
    ...(correlationId !== null && { correlationId }),
  };
}
