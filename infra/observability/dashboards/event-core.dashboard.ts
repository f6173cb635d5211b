import { lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofService = 'service=~"$service"';

/** Outbox, Kafka, handlers, dead letters. */
export const eventCoreDashboard: Dashboard = {
  name: 'event-core', title: 'event core', choices: [{ name: 'service', metric: 'crossdock_outbox_rows' }],
  rows: [
    {
      title: 'Outbox',
      panels: [
        lines('Events that wait', 'short', 'Rows of the outbox.', [{ expression: `max by (service) (crossdock_outbox_rows{${ofService}})`, legend: '{{service}}' }]),
        lines('Oldest event', 's', 'Above a minute Kafka does not take events.', [{ expression: `max by (service) (crossdock_outbox_oldest_age_seconds{${ofService}})`, legend: '{{service}}' }], { value: 60 }),
        lines('Published', 'ops', 'Events that Kafka acknowledged, by topic.', [rateOf('crossdock_outbox_published_total', ofService, 'topic')]),
        lines('Time of a batch', 's', 'From sending it to Kafka’s acknowledgement.', quantiles('crossdock_outbox_publish_duration_seconds', ofService, 'service')),
      ],
    },
    {
      title: 'Consumers',
      panels: [
        lines('Lag', 's', 'Age of the oldest event that has not come to its end.', [{ expression: `max by (consumer, topic) (crossdock_consumer_lag_seconds{${ofService}}) > 0`, legend: '{{consumer}} {{topic}}' }], { value: 300 }),
        lines('Events behind', 'short', 'Messages that have not come to their end.', [{ expression: `sum by (consumer) (crossdock_consumer_lag_messages{${ofService}})`, legend: '{{consumer}}' }]),
        lines('Handled', 'ops', 'Events by what became of them.', [rateOf('crossdock_event_handled_total', ofService, 'consumer, outcome')]),
        lines('Time of a transaction', 's', 'Of one inbox transaction with the effects of its events.', quantiles('crossdock_event_handle_duration_seconds', ofService, 'consumer'), { value: 1 }),
        lines('Consumers replaced', 'ops', 'Those that fell silent.', [rateOf('crossdock_consumer_restarted_total', ofService, 'consumer')]),
      ],
    },
    {
      title: 'Dead letters',
      panels: [
        lines('Put aside', 'ops', 'Events, webhooks and tasks that were given up.', [rateOf('crossdock_dead_letter_total', ofService, 'service, origin, reason')]),
        lines('Waiting for a person', 'short', 'Up to 10,000 of each origin.', [{ expression: `max by (service, origin, reason) (crossdock_dead_letters{${ofService}})`, legend: '{{service}} {{origin}} {{reason}}' }]),
        lines('Worked off', 'ops', 'What operators did with them.', [rateOf('crossdock_dead_letter_acts_total', ofService, 'action, result')]),
        lines('Removed for their age', 'ops', 'Dead letters and received webhooks that were kept for as long as the settings say.', [rateOf('crossdock_retention_removed_total', ofService, 'service, table')]),
      ],
    },
  ],
};
