import { lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofVendor = 'vendor=~"$vendor"';

/** Webhooks, from the edge to the outbox. */
export const ingestDashboard: Dashboard = {
  name: 'ingest', title: 'ingest', choices: [{ name: 'vendor', metric: 'crossdock_webhook_received_total' }],
  rows: [
    {
      title: 'Webhooks',
      panels: [
        lines('Webhooks by vendor', 'reqps', 'All that arrived, whatever became of them.', [rateOf('crossdock_webhook_received_total', ofVendor, 'vendor')]),
        lines('What became of them', 'reqps', 'Accepted and doubled ones are well; bad signatures mean a secret that does not fit.', [rateOf('crossdock_webhook_received_total', ofVendor, 'outcome')]),
        lines('Time until durable', 's', 'From the whole body to the commit; the vendor has its answer then.', quantiles('crossdock_webhook_accept_duration_seconds', ofVendor, 'vendor'), { value: 0.25 }),
      ],
    },
    {
      title: 'Behind the edge',
      panels: [
        lines('Outbox of the gateway', 'short', 'Events that wait for Kafka.', [{ expression: 'max(crossdock_outbox_rows{service="gateway"})', legend: 'rows' }]),
        lines('Oldest event of the gateway', 's', 'Above a minute Kafka does not take events.', [{ expression: 'max(crossdock_outbox_oldest_age_seconds{service="gateway"})', legend: 'age' }], { value: 60 }),
        lines('Answers by the gateway', 'reqps', 'By class of status, under /webhooks/.', [rateOf('crossdock_http_request_duration_seconds_count', 'service="gateway", route=~"/webhooks/.*"', 'status_class')]),
      ],
    },
  ],
};
