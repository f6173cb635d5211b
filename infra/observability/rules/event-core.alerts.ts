import type { Alert } from './alert.ts';
import { risen } from './expressions.ts';

/** From the outbox over Kafka to the handlers. */
export const eventCoreAlerts: readonly Alert[] = [
  {
    name: 'OutboxStuck', about: 'symptom', severity: 'page', holdsFor: '2m', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `max by (service) (crossdock_outbox_oldest_age_seconds) > ${pace.seconds('1m')}`,
    summary: 'An event of {{ $labels.service }} has waited for {{ $value | humanizeDuration }} to be sent to Kafka.',
    fires: {
      at: '10m', series: { 'crossdock_outbox_oldest_age_seconds{service="gateway", instance="a"}': '0x5 60+60x10' }, labels: { service: 'gateway' },
      says: 'An event of gateway has waited for 5m 0s to be sent to Kafka.',
    },
    silent: { at: '10m', series: { 'crossdock_outbox_oldest_age_seconds{service="gateway", instance="a"}': '0 30 55 20 90 3x20' } },
  },
  {
    name: 'ConsumerLags', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `max by (consumer, topic) (crossdock_consumer_lag_seconds) > ${pace.seconds('5m')} and max by (consumer, topic) (deriv(crossdock_consumer_lag_seconds[${pace.window('10m')}])) > 0`,
    summary: '{{ $labels.consumer }} is {{ $value | humanizeDuration }} behind in {{ $labels.topic }}, and falls further behind.',
    fires: {
      at: '30m', series: { 'crossdock_consumer_lag_seconds{service="sync", consumer="sync", topic="crm.contact.changed.v1"}': '0+30x40' },
      labels: { consumer: 'sync', topic: 'crm.contact.changed.v1' }, says: 'sync is 15m 0s behind in crm.contact.changed.v1, and falls further behind.',
    },
    silent: { at: '30m', series: { 'crossdock_consumer_lag_seconds{service="sync", consumer="sync", topic="crm.contact.changed.v1"}': '2000-20x40' } },
  },
  {
    name: 'LagNearRetention', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `max by (consumer, topic) (crossdock_consumer_lag_seconds) > ${pace.seconds('1d')}`,
    summary: '{{ $labels.consumer }} is {{ $value | humanizeDuration }} behind in {{ $labels.topic }}: what Kafka deletes before it is read is lost.',
    fires: {
      at: '20m', series: { 'crossdock_consumer_lag_seconds{service="journal", consumer="journal", topic="crm.deal.changed.v1"}': '90000x30' },
      labels: { consumer: 'journal', topic: 'crm.deal.changed.v1' },
      says: 'journal is 1d 1h 0m 0s behind in crm.deal.changed.v1: what Kafka deletes before it is read is lost.',
    },
    silent: { at: '20m', series: { 'crossdock_consumer_lag_seconds{service="journal", consumer="journal", topic="crm.deal.changed.v1"}': '80000x30' } },
  },
  {
    name: 'EventsRefused', about: 'symptom', severity: 'ticket', holdsFor: '0s', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `${risen('crossdock_event_handled_total{outcome="dead_lettered"}', 'consumer, type', pace.window('15m'))} > 0`,
    summary: '{{ $labels.consumer }} put {{ $value | humanize }} events of {{ $labels.type }} into the dead letters within a quarter of an hour.',
    fires: {
      at: '25m', series: { 'crossdock_event_handled_total{service="orders", consumer="orders", type="crm.deal.changed.v1", outcome="dead_lettered"}': '_x19 3x20' },
      labels: { consumer: 'orders', type: 'crm.deal.changed.v1' },
      says: 'orders put 3 events of crm.deal.changed.v1 into the dead letters within a quarter of an hour.',
    },
    silent: {
      at: '25m',
      series: {
        'crossdock_event_handled_total{service="orders", consumer="orders", type="crm.deal.changed.v1", outcome="dead_lettered"}': '3x40',
        'crossdock_event_handled_total{service="orders", consumer="orders", type="crm.deal.changed.v1", outcome="applied"}': '0+10x40',
      },
    },
  },
  {
    name: 'DeadLettersRise', about: 'symptom', severity: 'page', holdsFor: '5m', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `${risen('crossdock_dead_letter_total', 'service', pace.window('1h'))} > 50`,
    summary: '{{ $labels.service }} gave up {{ $value | humanize }} events, webhooks and tasks within an hour.',
    fires: {
      at: '90m', series: { 'crossdock_dead_letter_total{service="crm-zoho", origin="task", reason="invalid"}': '0x60 0+4x60' }, labels: { service: 'crm-zoho' },
      says: 'crm-zoho gave up 116 events, webhooks and tasks within an hour.',
    },
    silent: { at: '90m', series: { 'crossdock_dead_letter_total{service="crm-zoho", origin="task", reason="invalid"}': '0x60 0+1x60' } },
  },
  {
    name: 'ConsumerRestarts', about: 'cause', severity: 'ticket', holdsFor: '0s', runbook: 'event-core', dashboard: 'event-core',
    expression: (pace) => `${risen('crossdock_consumer_restarted_total', 'consumer', pace.window('1h'))} > 2`,
    summary: 'The consumer {{ $labels.consumer }} fell silent and was replaced {{ $value | humanize }} times within an hour.',
    fires: {
      at: '90m', series: { 'crossdock_consumer_restarted_total{service="shipping", consumer="shipping"}': '_x60 5x60' }, labels: { consumer: 'shipping' },
      says: 'The consumer shipping fell silent and was replaced 5 times within an hour.',
    },
    silent: { at: '90m', series: { 'crossdock_consumer_restarted_total{service="shipping", consumer="shipping"}': '_x60 1x60' } },
  },
];
