import type { CollectedSpan } from './trace-collector.fixture.ts';

/** Latencies that an order's journey leaves, and the service in which each can be looked for. */
const latencies: ReadonlyArray<readonly [service: string, histogram: string]> = [
  ['gateway', 'crossdock_webhook_accept_duration_seconds'],
  ['gateway', 'crossdock_http_request_duration_seconds'],
  ['orders', 'crossdock_event_handle_duration_seconds'],
  ['orders', 'crossdock_outbox_publish_duration_seconds'],
  ['crm-hubspot', 'crossdock_task_run_duration_seconds'],
  ['crm-hubspot', 'crossdock_vendor_request_duration_seconds'],
];
const exemplar = /^(\w+)_bucket\{[^}]*\} \S+ # \{trace_id="([\da-f]{32})",span_id="[\da-f]{16}"\} [\d.e-]+ [\d.]+$/gm;

/** Trace ids beside the buckets of each latency, as Prometheus reads them. @param internalUrlOf where a service tells its metrics */
export async function tracesBesideLatencies(internalUrlOf: (service: string) => string): Promise<ReadonlyMap<string, readonly string[]>> {
  const told = await Promise.all(latencies.map(async ([service, histogram]) => {
    const answer = await fetch(`${internalUrlOf(service)}/metrics`, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } });
    const found = [...(await answer.text()).matchAll(exemplar)];
    return [`${service} ${histogram}`, found.flatMap(([, family, traceId = '']) => (family === histogram ? [traceId] : []))] as const;
  }));
  return new Map(told);
}

/** Latencies of which no trace came to the collector. */
export function latenciesWithoutTrace(traces: ReadonlyMap<string, readonly string[]>, spans: readonly CollectedSpan[]): string[] {
  const sent = new Set(spans.map(({ traceId }) => traceId));
  return [...traces].filter(([, ids]) => !ids.some((id) => sent.has(id))).map(([latency]) => latency);
}
