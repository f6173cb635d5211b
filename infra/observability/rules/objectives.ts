import type { CaseSeries } from './alert.ts';

/** What is promised to tenants, and how often it may fail within thirty days. */
export interface Objective {
  readonly name: string;
  /** In upper camel case, as alerts begin. */
  readonly alertPrefix: string;
  /** What is promised, of which things, as one sentence. */
  readonly promise: string;
  /** The part that must go well, from 0 to 1. */
  readonly target: number;
  /** What went badly, as the subject of an alert's sentence. */
  readonly failing: string;
  /** The part that goes badly within a window; nothing where nothing happened. */
  readonly errorRatio: (window: string) => string;
  /** What is measured in a test where so many of ten thousand a step go badly. */
  readonly series: (badPerStep: number) => CaseSeries;
}

const casePerStep = 10_000;

/** More steps than any case plays. */
const rising = (perStep: number): string => `0+${perStep}x500`;

/** Where a histogram counts what took longer than a bound: one of its buckets. */
function slowerThan(metric: string, boundSeconds: number, window: string): string {
  // Prometheus 3 writes every bound as a floating-point number, Prometheus 2 as it is told.
  const bound = Number.isInteger(boundSeconds) ? `le=~"${boundSeconds}(\\\\.0)?"` : `le="${boundSeconds}"`;
  return `1 - sum(rate(${metric}_bucket{${bound}}[${window}])) / sum(rate(${metric}_count[${window}]))`;
}

/** Nothing that is counted as bad yet has no series, and is none. */
function badOf(metric: string, bad: string, all: string, window: string): string {
  return `(sum(rate(${metric}{${all}, ${bad}}[${window}])) or vector(0)) / sum(rate(${metric}{${all}}[${window}]))`;
}

/** The objectives that have a budget; that nothing is lost has none. */
export const objectives: readonly Objective[] = [
  {
    name: 'ingest-availability', alertPrefix: 'IngestAvailability', target: 0.9995,
    promise: 'A webhook is answered, and not with a fault of ours (5xx).',
    failing: 'webhooks were answered with 5xx',
    errorRatio: (window) => badOf('crossdock_http_request_duration_seconds_count', 'status_class="5xx"', 'service="gateway", route=~"/webhooks/.*"', window),
    series: (bad) => ({
      'crossdock_http_request_duration_seconds_count{service="gateway", route="/webhooks/:vendor", method="POST", status_class="2xx"}': rising(casePerStep - bad),
      'crossdock_http_request_duration_seconds_count{service="gateway", route="/webhooks/:vendor", method="POST", status_class="5xx"}': rising(bad),
      'crossdock_http_request_duration_seconds_count{service="gateway", route="/v1/jobs", method="GET", status_class="5xx"}': rising(casePerStep),
    }),
  },
  {
    name: 'ingest-latency', alertPrefix: 'IngestLatency', target: 0.99,
    promise: 'A webhook is durable within 250 ms.',
    failing: 'webhooks took longer than 250 ms to be durable',
    errorRatio: (window) => slowerThan('crossdock_webhook_accept_duration_seconds', 0.25, window),
    series: (bad) => ({
      'crossdock_webhook_accept_duration_seconds_bucket{service="gateway", vendor="hubspot", le="0.25"}': rising(casePerStep - bad),
      'crossdock_webhook_accept_duration_seconds_count{service="gateway", vendor="hubspot"}': rising(casePerStep),
    }),
  },
  {
    name: 'freshness', alertPrefix: 'Freshness', target: 0.99,
    promise: 'A change in one account is held by the other within 60 s.',
    failing: 'changes took longer than 60 s to the other account',
    errorRatio: (window) => slowerThan('crossdock_sync_freshness_seconds', 60, window),
    series: (bad) => ({
      'crossdock_sync_freshness_seconds_bucket{service="sync", source="hubspot", target="salesforce", le="60"}': rising(casePerStep - bad),
      'crossdock_sync_freshness_seconds_count{service="sync", source="hubspot", target="salesforce"}': rising(casePerStep),
    }),
  },
  {
    name: 'sync-success', alertPrefix: 'SyncSuccess', target: 0.99,
    promise: 'A write of a record that is kept in step is taken by the account.',
    failing: 'writes of records in step were refused',
    errorRatio: (window) => badOf('crossdock_sync_write_total', 'outcome!~"written|archived"', 'service="sync"', window),
    series: (bad) => ({
      'crossdock_sync_write_total{service="sync", target="zoho", outcome="written"}': rising(casePerStep - bad),
      'crossdock_sync_write_total{service="sync", target="zoho", outcome="invalid"}': rising(bad),
    }),
  },
  {
    name: 'refresh-success', alertPrefix: 'RefreshSuccess', target: 0.999,
    promise: 'An access token is renewed at the first try, unless its tenant has taken the access back.',
    failing: 'renewals of access tokens failed',
    errorRatio: (window) => badOf('crossdock_token_refresh_total', 'outcome!~"success|unauthorised"', 'outcome!=""', window),
    series: (bad) => ({
      'crossdock_token_refresh_total{service="gateway", vendor="zoho", outcome="success"}': rising(casePerStep - bad),
      'crossdock_token_refresh_total{service="gateway", vendor="zoho", outcome="transient"}': rising(bad),
      'crossdock_token_refresh_total{service="gateway", vendor="hubspot", outcome="unauthorised"}': rising(0),
    }),
  },
];

/** How many of the cases' things a step make a ratio of errors. */
export function badPerStep(ratio: number): number {
  return Math.round(casePerStep * ratio * 1_000) / 1_000;
}
