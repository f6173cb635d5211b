import type { CollectedSpan } from './trace-collector.fixture.ts';

/** Spans by service and name, from a cause to its effects; what stands between two of them in the trace may be left out. */
type Way = ReadonlyArray<readonly [service: string, name: string]>;

const webhook = ['gateway', 'receive webhook'] as const;
const upsert: Way = [webhook, ['orders', 'process commerce.order.received.v1'], ['crm-hubspot', 'process crm.upsert.requested.v1'], ['crm-hubspot', 'run crm.upsert']];
const tracking: Way = [webhook, ['shipping', 'process shipping.tracking.received.v1'], ['orders', 'process shipping.order.shipped.v1']];

/** What one order's journey must be as traces: from each vendor's webhook over outbox, Kafka and tasks to the vendors' calls, and back. */
const ways: Readonly<Record<string, Way>> = {
  'a webhook is stored and its event sent': [webhook, ['gateway', 'send events']],
  'contact in the CRM': [...upsert, ['crm-hubspot', 'hubspot contacts.batchUpsert']],
  'deal in the CRM': [...upsert, ['crm-hubspot', 'hubspot deals.batchUpsert']],
  'the deal’s id goes back to the shop': [...upsert, ['orders', 'process crm.upsert.completed.v1'], ['orders', 'run orders.write-reference'], ['orders', 'woocommerce orders.updateSeveral']],
  'a label is bought': [['gateway', 'POST /v1/shipments'], ['gateway', 'POST'], ['shipping', 'POST /v1/shipments'], ['shipping', 'run shipping.purchase-label'], ['shipping', 'shippo transactions.create']],
  'the shop hears of the parcel': [...tracking, ['orders', 'run orders.write-to-shop'], ['orders', 'woocommerce orders.update']],
  'the deal hears of the parcel': [...tracking, ['crm-hubspot', 'process crm.upsert.requested.v1'], ['crm-hubspot', 'run crm.upsert'], ['crm-hubspot', 'hubspot deals.batchUpsert']],
  'a won deal is fetched and credited': [
    webhook, ['crm-hubspot', 'process crm.record.touched.v1'], ['crm-hubspot', 'run crm.fetch-record'], ['attribution', 'process crm.deal.changed.v1'], ['attribution', 'run attribution.follow'],
  ],
  'statements to PostgreSQL belong to what asked for them': [webhook, ['orders', 'process commerce.order.received.v1'], ['orders', 'pg.query:INSERT']],
};

/** Ways that are not there, and how far each goes. */
export function brokenWays(spans: readonly CollectedSpan[]): string[] {
  const causes = causesBySpan(spans);
  return Object.entries(ways).flatMap(([what, way]) => {
    const reached = longestBeginning(spans, causes, way);
    return reached === way.length ? [] : [`${what}: ends before ${String(way[reached]?.join(' '))}`];
  });
}

/** Words of the demo's people. */
export const whatTheDemoKnows = /jordan|rivera|example\.com|555-0132|Market St|\b94105\b/i;

/** What each span follows from: its parent, and what it is linked to. */
function causesBySpan(spans: readonly CollectedSpan[]): ReadonlyMap<CollectedSpan, readonly CollectedSpan[]> {
  const byId = new Map(spans.map((span) => [`${span.traceId}/${span.spanId}`, span]));
  return new Map(spans.map((span) => [span, [{ traceId: span.traceId, spanId: span.parentSpanId ?? '' }, ...span.links].flatMap(({ traceId, spanId }) => byId.get(`${traceId}/${spanId}`) ?? [])]));
}

/** How many steps of a way some span has come, from the first on. */
function longestBeginning(spans: readonly CollectedSpan[], causes: ReadonlyMap<CollectedSpan, readonly CollectedSpan[]>, way: Way): number {
  let reached: ReadonlySet<CollectedSpan> = new Set();
  for (const [index, [service, name]] of way.entries()) {
    const candidates = spans.filter((span) => span.service === service && (span.name === name || span.name.startsWith(`${name} `)));
    const next = index === 0 ? candidates : candidates.filter((span) => hasAncestor(span, reached, causes));
    if (next.length === 0) return index;
    reached = new Set(next);
  }
  return way.length;
}

function hasAncestor(span: CollectedSpan, wanted: ReadonlySet<CollectedSpan>, causes: ReadonlyMap<CollectedSpan, readonly CollectedSpan[]>): boolean {
  const seen = new Set([span]);
  for (const each of seen) {
    for (const cause of causes.get(each) ?? []) {
      if (wanted.has(cause)) return true;
      seen.add(cause);
    }
  }
  return false;
}
