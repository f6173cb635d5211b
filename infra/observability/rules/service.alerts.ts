import { serviceNames } from '@crossdock/contracts';
import type { Alert } from './alert.ts';
import { quantile, risen, share } from './expressions.ts';

const target = 'up{job="orders", instance="a"}';
const secondTarget = 'up{job="orders", instance="b"}';
/** Each service is measured as a job of its own name. */
const targets = `up{job=~"${serviceNames.join('|')}"}`;

/** The processes themselves, and what they stand on. */
export const serviceAlerts: readonly Alert[] = [
  {
    name: 'RequestsFail', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'services', dashboard: 'overview',
    expression: (pace) => `${share('crossdock_http_request_duration_seconds_count', { of: 'status_class="5xx"', by: 'service', window: pace.window('5m') })} > 0.05`,
    summary: '{{ $labels.service }} answers {{ $value | humanizePercentage }} of its requests with 5xx.',
    fires: {
      at: '15m', labels: { service: 'orders' }, says: 'orders answers 25% of its requests with 5xx.',
      series: {
        'crossdock_http_request_duration_seconds_count{service="orders", route="/v1/orders", method="GET", status_class="2xx"}': '0+75x30',
        'crossdock_http_request_duration_seconds_count{service="orders", route="/v1/orders", method="GET", status_class="5xx"}': '0+25x30',
      },
    },
    silent: {
      at: '15m',
      series: {
        'crossdock_http_request_duration_seconds_count{service="orders", route="/v1/orders", method="GET", status_class="2xx"}': '0+97x30',
        'crossdock_http_request_duration_seconds_count{service="orders", route="/v1/orders", method="GET", status_class="4xx"}': '0+97x30',
        'crossdock_http_request_duration_seconds_count{service="orders", route="/v1/orders", method="GET", status_class="5xx"}': '0+3x30',
      },
    },
  },
  {
    name: 'RequestsSlow', about: 'symptom', severity: 'ticket', holdsFor: '15m', runbook: 'services', dashboard: 'overview',
    expression: (pace) => `${quantile(0.99, 'crossdock_http_request_duration_seconds', { by: 'service', window: pace.window('5m') })} > 2.5`,
    summary: 'One request in a hundred to {{ $labels.service }} takes {{ $value | humanizeDuration }} or longer.',
    fires: {
      at: '30m', labels: { service: 'gateway' }, says: 'One request in a hundred to gateway takes 4.75s or longer.',
      series: {
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="2.5"}': '0+90x40',
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="5"}': '0+100x40',
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="+Inf"}': '0+100x40',
      },
    },
    silent: {
      at: '30m',
      series: {
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="2.5"}': '0+995x40',
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="5"}': '0+1000x40',
        'crossdock_http_request_duration_seconds_bucket{service="gateway", le="+Inf"}': '0+1000x40',
      },
    },
  },
  {
    name: 'NothingMeasured', about: 'cause', severity: 'page', holdsFor: '5m', runbook: 'services', dashboard: 'overview',
    expression: () => `absent(${targets})`,
    summary: 'Prometheus measures 0 services of Crossdock: no other alert can fire.',
    fires: { at: '10m', series: { 'up{job="node"}': '1x20' }, labels: {}, says: 'Prometheus measures 0 services of Crossdock: no other alert can fire.' },
    silent: { at: '10m', series: { [target]: '0x20' } },
  },
  {
    name: 'ServiceDown', about: 'cause', severity: 'page', holdsFor: '1m', runbook: 'services', dashboard: 'overview',
    // A service without any process is no target any more: it was one a while ago.
    expression: (pace) => `sum by (job) (${targets}) == 0 or 0 * (count by (job) (${targets} offset ${pace.window('30m')}) unless count by (job) (${targets}))`,
    summary: '{{ $labels.job }} answers at {{ $value }} of its processes.',
    fires: { at: '10m', series: { [target]: '1x5 0x10', [secondTarget]: '0x15' }, labels: { job: 'orders' }, says: 'orders answers at 0 of its processes.' },
    silent: { at: '10m', series: { [target]: '1x15', [secondTarget]: '0x15', 'up{job="node"}': '0x15' } },
  },
  {
    name: 'ServiceNotReady', about: 'cause', severity: 'page', holdsFor: '2m', runbook: 'services', dashboard: 'overview',
    expression: () => 'sum by (service) (crossdock_service_ready) == 0',
    summary: '{{ $labels.service }} runs, and {{ $value }} of its processes are ready to work.',
    fires: {
      at: '10m', series: { 'crossdock_service_ready{service="sync", instance="a"}': '1x5 0x10' }, labels: { service: 'sync' },
      says: 'sync runs, and 0 of its processes are ready to work.',
    },
    silent: { at: '10m', series: { 'crossdock_service_ready{service="sync", instance="a"}': '0x15', 'crossdock_service_ready{service="sync", instance="b"}': '1x15' } },
  },
  {
    name: 'DatabaseSlow', about: 'cause', severity: 'page', holdsFor: '5m', runbook: 'services', dashboard: 'event-core',
    expression: (pace) => `${quantile(0.9, 'crossdock_event_handle_duration_seconds', { by: 'service', window: pace.window('5m') })} > 1`,
    summary: 'One transaction in ten with which {{ $labels.service }} takes events lasts {{ $value | humanizeDuration }} or longer.',
    fires: {
      at: '20m', labels: { service: 'journal' }, says: 'One transaction in ten with which journal takes events lasts 4.2s or longer.',
      series: {
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="1"}': '0+50x30',
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="5"}': '0+100x30',
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="+Inf"}': '0+100x30',
      },
    },
    silent: {
      at: '20m',
      series: {
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="1"}': '0+95x30',
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="5"}': '0+100x30',
        'crossdock_event_handle_duration_seconds_bucket{service="journal", consumer="journal", type="a", le="+Inf"}': '0+100x30',
      },
    },
  },
  {
    name: 'EventLoopBlocked', about: 'cause', severity: 'ticket', holdsFor: '10m', runbook: 'services', dashboard: 'overview',
    expression: () => 'max by (service) (nodejs_eventloop_lag_p99_seconds) > 0.25',
    summary: 'A process of {{ $labels.service }} reacts {{ $value | humanizeDuration }} late to one thing in a hundred.',
    fires: {
      at: '20m', series: { 'nodejs_eventloop_lag_p99_seconds{service="attribution", instance="a"}': '0.4x30' }, labels: { service: 'attribution' },
      says: 'A process of attribution reacts 400ms late to one thing in a hundred.',
    },
    silent: { at: '20m', series: { 'nodejs_eventloop_lag_p99_seconds{service="attribution", instance="a"}': '0.02x15 0.4x3 0.02x12' } },
  },
  {
    name: 'RedisAway', about: 'cause', severity: 'ticket', holdsFor: '5m', runbook: 'services', dashboard: 'vendors',
    expression: (pace) => `${risen('crossdock_vendor_budget_local_total', 'service', pace.window('5m'))} > 0`,
    summary: '{{ $labels.service }} counted {{ $value | humanize }} vendor calls by itself within five minutes because Redis did not answer.',
    fires: {
      at: '20m', series: { 'crossdock_vendor_budget_local_total{service="shipping"}': '0x5 4+4x20' }, labels: { service: 'shipping' },
      says: 'shipping counted 20 vendor calls by itself within five minutes because Redis did not answer.',
    },
    silent: { at: '20m', series: { 'crossdock_vendor_budget_local_total{service="shipping"}': '7x30' } },
  },
];
