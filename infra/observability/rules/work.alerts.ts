import type { Alert } from './alert.ts';

/** Tasks and jobs, and what comparisons find. */
export const workAlerts: readonly Alert[] = [
  {
    name: 'TasksWait', about: 'symptom', severity: 'page', holdsFor: '10m', runbook: 'work', dashboard: 'work',
    expression: (pace) => `max by (service, kind) (crossdock_task_oldest_age_seconds{state="ready"}) > ${pace.seconds('15m')}`,
    summary: 'A task {{ $labels.kind }} of {{ $labels.service }} could be worked at and has waited for {{ $value | humanizeDuration }}.',
    fires: {
      at: '30m', series: { 'crossdock_task_oldest_age_seconds{service="crm-hubspot", kind="crm.write-record", state="ready"}': '0+60x40' },
      labels: { service: 'crm-hubspot', kind: 'crm.write-record' }, says: 'A task crm.write-record of crm-hubspot could be worked at and has waited for 30m 0s.',
    },
    silent: {
      at: '30m',
      series: {
        'crossdock_task_oldest_age_seconds{service="crm-hubspot", kind="crm.write-record", state="ready"}': '300x40',
        'crossdock_task_oldest_age_seconds{service="crm-hubspot", kind="crm.write-record", state="parked"}': '90000x40',
      },
    },
  },
  {
    name: 'JobStuck', about: 'symptom', severity: 'ticket', holdsFor: '5m', runbook: 'work', dashboard: 'work',
    expression: (pace) => `max by (service, kind) (crossdock_job_age_seconds) > ${pace.seconds('1h')} and on (service, kind) max by (service, kind) (changes(crossdock_job_progress_ratio[${pace.window('1h')}])) == 0`,
    summary: 'The oldest job {{ $labels.kind }} of {{ $labels.service }} is {{ $value | humanizeDuration }} old, and no such job has moved on for an hour.',
    fires: {
      at: '2h', labels: { service: 'sync', kind: 'sync.load' },
      says: 'The oldest job sync.load of sync is 2h 0m 0s old, and no such job has moved on for an hour.',
      series: { 'crossdock_job_age_seconds{service="sync", kind="sync.load"}': '0+60x150', 'crossdock_job_progress_ratio{service="sync", kind="sync.load"}': '0+0.01x30 0.3x120' },
    },
    silent: {
      at: '2h',
      series: { 'crossdock_job_age_seconds{service="sync", kind="sync.load"}': '0+60x150', 'crossdock_job_progress_ratio{service="sync", kind="sync.load"}': '0+0.001x150' },
    },
  },
  {
    name: 'DriftStays', about: 'symptom', severity: 'ticket', holdsFor: '1d', runbook: 'work', dashboard: 'connections',
    expression: () => 'max by (service, kind) (crossdock_reconciliation_drift_records) > 0',
    summary: '{{ $labels.service }} has found differences of {{ $labels.kind }} in every comparison for a day, {{ $value }} in the last.',
    fires: {
      at: '2d', step: '30m', series: { 'crossdock_reconciliation_drift_records{service="sync", kind="contact"}': '0x4 12x100' }, labels: { service: 'sync', kind: 'contact' },
      says: 'sync has found differences of contact in every comparison for a day, 12 in the last.',
    },
    silent: { at: '2d', step: '30m', series: { 'crossdock_reconciliation_drift_records{service="sync", kind="contact"}': '12x40 0x10 5x60' } },
  },
  {
    name: 'AttributionSlow', about: 'symptom', severity: 'ticket', holdsFor: '15m', runbook: 'work', dashboard: 'attribution',
    expression: (pace) => `histogram_quantile(0.99, sum by (le) (rate(crossdock_attribution_recompute_duration_seconds_bucket{model="per-deal"}[${pace.window('15m')}]))) > 5`,
    summary: 'One batch of changes in a hundred takes {{ $value | humanizeDuration }} or longer to reach the reports of attribution.',
    fires: {
      at: '1h', labels: {}, says: 'One batch of changes in a hundred takes 9.5s or longer to reach the reports of attribution.',
      series: {
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="5"}': '0+90x100',
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="10"}': '0+100x100',
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="+Inf"}': '0+100x100',
      },
    },
    silent: {
      at: '1h',
      series: {
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="5"}': '0+995x100',
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="10"}': '0+1000x100',
        'crossdock_attribution_recompute_duration_seconds_bucket{service="attribution", model="per-deal", le="+Inf"}': '0+1000x100',
      },
    },
  },
];
