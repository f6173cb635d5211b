import type { ServiceName } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, isAway } from './internal-client.ts';
import { workingServices } from './working-services.ts';

const stepSchema = z.looseObject({ kind: z.string(), at: z.string(), subject: z.string().optional() });
type Step = z.infer<typeof stepSchema>;
const lineageSchema = z.object({
  records: z.array(z.string()), correlationIds: z.array(z.string()), items: z.array(stepSchema), nextCursor: z.string().optional(),
});
const workSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), kind: z.string(), state: z.string() })) });
const timelineSchema = z.object({
  now: z.object({ status: z.string(), since: z.string(), waitsFor: z.array(z.looseObject({})) }),
  items: z.array(z.looseObject({ at: z.string(), kind: z.string(), detail: z.looseObject({}) })),
  nextCursor: z.string().optional(),
});
type Timeline = z.infer<typeof timelineSchema>;

/** A record's way; times are ISO 8601 in UTC with milliseconds. */
export interface LineageAnswer {
  readonly records: readonly string[];
  readonly items: readonly Step[];
  /** Where its orders stand, and the work that is still open in any service. */
  readonly now: { readonly orders: ReadonlyArray<Timeline['now'] & { readonly orderId: string }>; readonly openWork: ReadonlyArray<{ readonly service: ServiceName }> };
  /** Services that did not answer: what they hold is missing. */
  readonly unavailable: readonly ServiceName[];
  readonly nextCursor?: string;
}

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
    const orderIds = [...new Set(lineage.items.flatMap(({ subject }) => orderSubject.exec(subject ?? '')?.[1] ?? []))];
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

  async #openWork(service: ServiceName, correlationIds: readonly string[]): Promise<Array<{ service: ServiceName }>> {
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
    const decisions = pages.flatMap(({ items }) => items).filter(({ kind }) => kind !== 'vendor_call').map(({ kind, ...decision }) => ({ kind: 'decision', decision: kind, orderId, ...decision }));
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
