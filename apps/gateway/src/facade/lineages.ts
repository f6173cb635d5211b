import { lineageStepSchema, orderStandingSchema, serviceNames, timestampSchema, type ServiceName } from '@crossdock/contracts';
import { openTaskSchema } from '@crossdock/operations';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, isAway } from './internal-client.ts';
import { workingServices } from './working-services.ts';

const lineageSchema = z.object({
  records: z.array(z.string()), correlationIds: z.array(z.string()), items: z.array(lineageStepSchema), nextCursor: z.string().optional(),
});
const workSchema = z.object({ items: z.array(openTaskSchema) });
const timelineSchema = z.object({
  now: orderStandingSchema,
  items: z.array(z.looseObject({ at: timestampSchema, kind: z.string(), detail: z.looseObject({}), correlationId: z.uuid().exactOptional(), causationId: z.uuid().exactOptional() })),
  nextCursor: z.string().optional(),
});
type Timeline = z.infer<typeof timelineSchema>;

/** What was decided about an order. */
const decisionSchema = z.object({
  kind: z.literal('decision'), at: timestampSchema, orderId: z.uuid(), decision: z.string(), detail: z.record(z.string(), z.unknown()),
  correlationId: z.uuid().exactOptional(), causationId: z.uuid().exactOptional(),
});
const stepSchema = z.union([lineageStepSchema, decisionSchema]);
type Step = z.infer<typeof stepSchema>;

/** A record's way; times are ISO 8601 in UTC with milliseconds. */
export const lineageAnswerSchema = z.object({
  records: z.array(z.string()).readonly().describe('The record as events name it; several where an id alone stands for one record under several names.'),
  items: z.array(stepSchema).readonly(),
  now: z.object({
    orders: z.array(orderStandingSchema.extend({ orderId: z.uuid() })).readonly(),
    openWork: z.array(openTaskSchema.extend({ service: z.enum(serviceNames) })).readonly(),
  }).describe('Where its orders stand, and the work that is still open in any service.'),
  unavailable: z.array(z.enum(serviceNames)).readonly().describe('Services that did not answer: what they hold is missing.'),
  nextCursor: z.string().exactOptional(),
}).meta({ id: 'Lineage' });
export type LineageAnswer = z.infer<typeof lineageAnswerSchema>;
type OpenWork = LineageAnswer['now']['openWork'][number];

/** A record with more orders than these has its decisions shown with each order. */
const mostOrders = 3;
const mostTimelinePages = 5;
const orderSubject = /^order\/([0-9a-f-]{36})$/;

/** Puts a record's way together: from the journal what happened, from each service what is open, from orders what was decided. */
@Injectable()
export class Lineages {
  constructor(private readonly internal: InternalClient) {}

  async of(query: unknown): Promise<LineageAnswer> {
    const lineage = lineageSchema.parse(await this.internal.call('journal', { method: 'GET', path: `/v1/lineage${forwardedQuery(query)}` }));
    const unavailable = new Set<ServiceName>();
    const unlessAway = async <Answer>(service: ServiceName, ask: () => Promise<Answer>): Promise<Answer | undefined> => ask().catch((thrown: unknown) => {
      if (!isAway(thrown)) throw thrown;
      unavailable.add(service);
      return undefined;
    });
    const orderIds = [...new Set(lineage.items.flatMap((step) => (step.kind === 'vendor_call' ? [] : orderSubject.exec(step.subject)?.[1] ?? [])))];
    const [work, timelines] = await Promise.all([
      Promise.all(workingServices.map((service) => unlessAway(service, () => this.#openWork(service, lineage.correlationIds)))),
      Promise.all((orderIds.length > mostOrders ? [] : orderIds).map((orderId) => unlessAway('orders', () => this.#timeline(orderId)))),
    ]);
    const known = timelines.filter((timeline) => timeline !== undefined);
    const items = [...lineage.items, ...known.flatMap(({ decisions }) => decisions.filter(isWithin(lineage.items, lineage.nextCursor, query)))]
      .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    return {
      records: lineage.records, items,
      now: { orders: known.map(({ now, orderId }) => ({ orderId, ...now })), openWork: work.flatMap((tasks) => tasks ?? []) },
      unavailable: [...unavailable], ...(lineage.nextCursor !== undefined && { nextCursor: lineage.nextCursor }),
    };
  }

  async #openWork(service: ServiceName, correlationIds: readonly string[]): Promise<OpenWork[]> {
    const answer = await this.internal.call(service, { method: 'POST', path: '/v1/own-work/search', body: { correlationIds } });
    return workSchema.parse(answer).items.map((task) => ({ service, ...task }));
  }

  /** An order's decisions; its calls are in the journal's answer already. */
  async #timeline(orderId: string): Promise<{ orderId: string; now: Timeline['now']; decisions: Step[] }> {
    const first = await this.#timelinePage(orderId);
    const pages = [first];
    for (let cursor = first.nextCursor; cursor !== undefined && pages.length < mostTimelinePages;) {
      const page = await this.#timelinePage(orderId, cursor);
      pages.push(page);
      cursor = page.nextCursor;
    }
    const decisions = pages.flatMap(({ items }) => items).filter(({ kind }) => kind !== 'vendor_call').map(({ kind, at, detail, correlationId, causationId }) => ({
      kind: 'decision' as const, at, orderId, decision: kind, detail, ...(correlationId !== undefined && { correlationId }), ...(causationId !== undefined && { causationId }),
    }));
    return { orderId, now: first.now, decisions };
  }

  async #timelinePage(orderId: string, cursor?: string): Promise<Timeline> {
    const query = new URLSearchParams({ limit: '200', ...(cursor !== undefined && { cursor }) });
    return timelineSchema.parse(await this.internal.call('orders', { method: 'GET', path: `/v1/orders/${orderId}/timeline?${query.toString()}` }));
  }
}

/** Whether a decision belongs to the page that the journal gave: behind the page before, and not behind this one's end. */
function isWithin(items: readonly Step[], nextCursor: string | undefined, query: unknown): (step: Step) => boolean {
  const { cursor } = z.looseObject({ cursor: z.string().optional() }).parse(query);
  const [after = ''] = cursor?.split('|') ?? [];
  const until = nextCursor === undefined ? undefined : items.at(-1)?.at;
  return ({ at }) => at > after && (until === undefined || at <= until);
}
