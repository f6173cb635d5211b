import type { Alert } from './alert.ts';
import { share } from './expressions.ts';

const connections = (state: string): string => `crossdock_connections{service="gateway", vendor="hubspot", state="${state}"}`;
const webhooks = (outcome: string): string => `crossdock_webhook_received_total{service="gateway", vendor="shippo", outcome="${outcome}"}`;

/** How many more connections of a vendor need their tenant now than some time ago. */
function broken(window: string): string {
  const needing = 'max by (vendor) (crossdock_connections{state="needs_reconnect"})';
  return `(${needing} - (max by (vendor) (crossdock_connections{state="needs_reconnect"} offset ${window}) or 0 * ${needing}))`;
}

/** Tenants' accounts at vendors, and what these tell. */
export const connectionAlerts: readonly Alert[] = [
  {
    name: 'ManyConnectionsBroken', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'connections', dashboard: 'connections',
    expression: (pace) => `${broken(pace.window('1h'))} > 3 and ${broken(pace.window('1h'))} > 0.1 * sum by (vendor) (max by (vendor, state) (crossdock_connections{state!="disconnected"}))`,
    summary: '{{ $value }} more connections to {{ $labels.vendor }} must be connected again than an hour ago.',
    fires: {
      at: '90m', labels: { vendor: 'hubspot' }, says: '25 more connections to hubspot must be connected again than an hour ago.',
      series: { [connections('healthy')]: '100x60 75x60', [connections('needs_reconnect')]: '2x60 27x60' },
    },
    silent: { at: '90m', series: { [connections('healthy')]: '100x60 95x60', [connections('needs_reconnect')]: '2x60 7x60' } },
  },
  {
    name: 'ConnectionBroken', about: 'symptom', severity: 'ticket', holdsFor: '0s', runbook: 'connections', dashboard: 'connections',
    expression: (pace) => `${broken(pace.window('1h'))} > 0`,
    summary: '{{ $value }} more connections to {{ $labels.vendor }} must be connected again by their tenants than an hour ago.',
    fires: {
      at: '90m', labels: { vendor: 'hubspot' }, says: '1 more connections to hubspot must be connected again by their tenants than an hour ago.',
      series: { [connections('healthy')]: '10x60 9x60', [connections('needs_reconnect')]: '_x60 1x60' },
    },
    silent: { at: '90m', series: { [connections('healthy')]: '10x120', [connections('needs_reconnect')]: '4x60 3x60' } },
  },
  {
    name: 'WebhooksRefused', about: 'symptom', severity: 'ticket', holdsFor: '15m', runbook: 'connections', dashboard: 'ingest',
    expression: (pace) => `${share('crossdock_webhook_received_total', { of: 'outcome=~"bad_signature|unknown_tenant|malformed|too_large"', by: 'vendor', window: pace.window('15m') })} > 0.2`,
    summary: '{{ $value | humanizePercentage }} of webhooks from {{ $labels.vendor }} are refused as false, unknown or unreadable.',
    fires: {
      at: '45m', labels: { vendor: 'shippo' }, says: '60% of webhooks from shippo are refused as false, unknown or unreadable.',
      series: { [webhooks('accepted')]: '0+4x60', [webhooks('bad_signature')]: '0+6x60' },
    },
    silent: { at: '45m', series: { [webhooks('accepted')]: '0+4x60', [webhooks('duplicate')]: '0+6x60', [webhooks('bad_signature')]: '0+1x60' } },
  },
  {
    name: 'AccountsUnread', about: 'cause', severity: 'ticket', holdsFor: '10m', runbook: 'connections', dashboard: 'connections',
    expression: (pace) => `max by (vendor, object) (crossdock_feed_lag_seconds) > ${pace.seconds('1h')}`,
    summary: 'The changes of {{ $labels.object }} of an account at {{ $labels.vendor }} were last read {{ $value | humanizeDuration }} ago.',
    fires: {
      at: '2h', labels: { vendor: 'pipedrive', object: 'deal' }, says: 'The changes of deal of an account at pipedrive were last read 2h 0m 0s ago.',
      series: { 'crossdock_feed_lag_seconds{service="crm-pipedrive", vendor="pipedrive", object="deal"}': '0+60x150' },
    },
    silent: { at: '2h', series: { 'crossdock_feed_lag_seconds{service="crm-pipedrive", vendor="pipedrive", object="deal"}': '300x150' } },
  },
];
