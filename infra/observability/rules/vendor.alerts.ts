import type { Alert } from './alert.ts';
import { quantile, risen, share } from './expressions.ts';

/** Outcomes for which the vendor, or the way to it, is to blame. */
const vendorFailed = 'outcome=~"server_error|timeout|network|circuit_open"';
/** Calls that we did not make have told nothing of the vendor, but for those that the circuit held back. */
const asked = 'outcome!~"no_budget|refused|cancelled"';
const calls = (vendor: string, outcome: string): string =>
  `crossdock_vendor_request_total{service="crm-${vendor}", vendor="${vendor}", operation="contacts.upsert", outcome="${outcome}"}`;

/** What goes out to vendors, and what they answer. */
export const vendorAlerts: readonly Alert[] = [
  {
    name: 'VendorDown', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${share('crossdock_vendor_request_total', { of: vendorFailed, all: asked, by: 'vendor', window: pace.window('5m') })} > 0.5`,
    summary: '{{ $value | humanizePercentage }} of calls to {{ $labels.vendor }} fail: it is away for everybody.',
    fires: {
      at: '20m', labels: { vendor: 'hubspot' }, says: '90% of calls to hubspot fail: it is away for everybody.',
      series: { [calls('hubspot', 'success')]: '0+1x40', [calls('hubspot', 'server_error')]: '0+4x40', [calls('hubspot', 'circuit_open')]: '0+5x40' },
    },
    silent: { at: '20m', series: { [calls('hubspot', 'success')]: '0+6x40', [calls('hubspot', 'server_error')]: '0+4x40', [calls('hubspot', 'no_budget')]: '0+90x40' } },
  },
  {
    name: 'VendorFails', about: 'symptom', severity: 'ticket', holdsFor: '15m', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${share('crossdock_vendor_request_total', { of: vendorFailed, all: asked, by: 'vendor', window: pace.window('15m') })} > 0.05`,
    summary: '{{ $value | humanizePercentage }} of calls to {{ $labels.vendor }} fail.',
    fires: { at: '45m', labels: { vendor: 'zoho' }, says: '20% of calls to zoho fail.', series: { [calls('zoho', 'success')]: '0+8x60', [calls('zoho', 'timeout')]: '0+2x60' } },
    silent: { at: '45m', series: { [calls('zoho', 'success')]: '0+97x60', [calls('zoho', 'timeout')]: '0+3x60', [calls('zoho', 'client_error')]: '0+50x60' } },
  },
  {
    name: 'VendorSlow', about: 'cause', severity: 'ticket', holdsFor: '15m', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${quantile(0.95, 'crossdock_vendor_request_duration_seconds', { by: 'vendor', window: pace.window('10m') })} > 5`,
    summary: 'One call in twenty to {{ $labels.vendor }} takes {{ $value | humanizeDuration }} or longer.',
    fires: {
      at: '45m', labels: { vendor: 'dynamics' }, says: 'One call in twenty to dynamics takes 9s or longer.',
      series: {
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="5"}': '0+75x60',
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="10"}': '0+100x60',
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="+Inf"}': '0+100x60',
      },
    },
    silent: {
      at: '45m',
      series: {
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="5"}': '0+97x60',
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="10"}': '0+100x60',
        'crossdock_vendor_request_duration_seconds_bucket{vendor="dynamics", le="+Inf"}': '0+100x60',
      },
    },
  },
  {
    name: 'CircuitOpen', about: 'cause', severity: 'ticket', holdsFor: '10m', runbook: 'vendors', dashboard: 'vendors',
    expression: () => 'max by (vendor) (crossdock_circuit_breaker_state) > 0',
    summary: 'Calls of {{ $value }} connections to {{ $labels.vendor }} are held back because they failed one after the other.',
    fires: {
      at: '20m', series: { 'crossdock_circuit_breaker_state{service="crm-pipedrive", vendor="pipedrive"}': '0x5 3x30' }, labels: { vendor: 'pipedrive' },
      says: 'Calls of 3 connections to pipedrive are held back because they failed one after the other.',
    },
    silent: { at: '20m', series: { 'crossdock_circuit_breaker_state{service="crm-pipedrive", vendor="pipedrive"}': '1x5 0 1x5 0x20' } },
  },
  {
    name: 'VendorRefusesForRate', about: 'cause', severity: 'ticket', holdsFor: '10m', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${share('crossdock_vendor_request_total', { of: 'outcome="rate_limited"', all: asked, by: 'vendor', window: pace.window('10m') })} > 0.02`,
    summary: '{{ $labels.vendor }} answers {{ $value | humanizePercentage }} of calls with 429 although they were counted before they went out.',
    fires: {
      at: '30m', labels: { vendor: 'salesforce' }, series: { [calls('salesforce', 'success')]: '0+9x40', [calls('salesforce', 'rate_limited')]: '0+1x40' },
      says: 'salesforce answers 10% of calls with 429 although they were counted before they went out.',
    },
    silent: { at: '30m', series: { [calls('salesforce', 'success')]: '0+99x40', [calls('salesforce', 'rate_limited')]: '0+1x40' } },
  },
  {
    name: 'BudgetUsedUp', about: 'symptom', severity: 'ticket', holdsFor: '10m', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${share('crossdock_vendor_budget_total', { of: 'answer="deferred"', by: 'vendor', window: pace.window('5m') })} > 0.5`,
    summary: '{{ $value | humanizePercentage }} of calls to {{ $labels.vendor }} are put off because the limit of their account is used up.',
    fires: {
      at: '30m', labels: { vendor: 'hubspot' }, says: '80% of calls to hubspot are put off because the limit of their account is used up.',
      series: { 'crossdock_vendor_budget_total{vendor="hubspot", answer="granted"}': '0+20x40', 'crossdock_vendor_budget_total{vendor="hubspot", answer="deferred"}': '0+80x40' },
    },
    silent: {
      at: '30m',
      series: { 'crossdock_vendor_budget_total{vendor="hubspot", answer="granted"}': '0+60x40', 'crossdock_vendor_budget_total{vendor="hubspot", answer="deferred"}': '0+40x40' },
    },
  },
  {
    name: 'QuotaRunsOut', about: 'cause', severity: 'ticket', holdsFor: '15m', runbook: 'vendors', dashboard: 'vendors',
    // Limits of a day or longer; shorter ones are used up and come back as a matter of course.
    expression: (pace) => {
      const quota = 'crossdock_vendor_budget_used_ratio{window=~"day|daily-tokens|credits"}';
      return `max by (vendor, window) (${quota}) > 0.7 and max by (vendor, window) (predict_linear(${quota}[${pace.window('1h')}], ${pace.seconds('6h')})) > 1`;
    },
    summary: '{{ $value | humanizePercentage }} of the limit "{{ $labels.window }}" of {{ $labels.vendor }} are used in an account, and at this rate all of it within six hours.',
    fires: {
      at: '3h', series: { 'crossdock_vendor_budget_used_ratio{service="crm-salesforce", vendor="salesforce", window="day"}': '0.5+0.002x200' },
      labels: { vendor: 'salesforce', window: 'day' },
      says: '86% of the limit "day" of salesforce are used in an account, and at this rate all of it within six hours.',
    },
    silent: { at: '3h', series: { 'crossdock_vendor_budget_used_ratio{service="crm-salesforce", vendor="salesforce", window="day"}': '0.7+0.0001x200' } },
  },
  {
    name: 'ApiSunset', about: 'cause', severity: 'ticket', holdsFor: '1h', runbook: 'vendors', dashboard: 'vendors',
    expression: () => '(min by (vendor, api) (crossdock_vendor_api_sunset_timestamp_seconds) - time()) < 60 * 86400',
    summary: '{{ $labels.vendor }} switches {{ $labels.api }} off in {{ $value | humanizeDuration }}.',
    fires: {
      at: '2h', series: { 'crossdock_vendor_api_sunset_timestamp_seconds{vendor="hubspot", api="contacts.search"}': '1000000x200' },
      labels: { vendor: 'hubspot', api: 'contacts.search' }, says: 'hubspot switches contacts.search off in 11d 11h 46m 40s.',
    },
    silent: { at: '2h', series: { 'crossdock_vendor_api_sunset_timestamp_seconds{vendor="hubspot", api="contacts.search"}': '10000000x200' } },
  },
  {
    name: 'CallRecordsDropped', about: 'cause', severity: 'ticket', holdsFor: '0s', runbook: 'vendors', dashboard: 'vendors',
    expression: (pace) => `${risen('crossdock_call_log_dropped_total', 'service', pace.window('15m'))} > 0`,
    summary: '{{ $labels.service }} dropped {{ $value | humanize }} records of vendor calls within a quarter of an hour.',
    fires: {
      at: '20m', series: { 'crossdock_call_log_dropped_total{service="crm-zoho"}': '0x10 150x20' }, labels: { service: 'crm-zoho' },
      says: 'crm-zoho dropped 150 records of vendor calls within a quarter of an hour.',
    },
    silent: { at: '20m', series: { 'crossdock_call_log_dropped_total{service="crm-zoho"}': '150x30' } },
  },
];
