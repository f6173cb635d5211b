import { ConnectionStore, listCallsOfCauses, type CallView } from '@crossdock/connections';
import { orderStandingSchema, timestampSchema } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { orderDecisionKinds, type OrderDecision } from '../order-decision.entity.ts';
import type { CustomerOrder } from '../order.entity.ts';
import { listDecisions, timeOfDecision } from '../order.repository.ts';
import { waitingOf } from './waiting.ts';

/** One line of an order's timeline. Times are ISO 8601 in UTC with milliseconds. */
export const timelineEntrySchema = z.object({
  at: timestampSchema,
  kind: z.enum([...orderDecisionKinds, 'vendor_call']).describe('What was decided, or `vendor_call`.'),
  detail: z.record(z.string(), z.unknown()).describe('Statuses, versions and ids; of a call what was called, and with what outcome.'),
  correlationId: z.uuid().exactOptional().describe('The same for everything that one cause from outside set in motion.'),
  causationId: z.uuid().exactOptional().describe('The event that led to it.'),
}).meta({ id: 'OrderTimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const orderTimelineSchema = z.object({
  now: orderStandingSchema,
  items: z.array(timelineEntrySchema).readonly(),
  nextCursor: z.string().exactOptional(),
}).meta({ id: 'OrderTimeline' });
export type OrderTimeline = z.infer<typeof orderTimelineSchema>;

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
