import { lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofAttribution = 'service="attribution"';

/** From a touch or an order to the report that counts it. */
export const attributionDashboard: Dashboard = {
  name: 'attribution', title: 'attribution',
  rows: [
    {
      title: 'From change to report',
      panels: [
        lines('Time to work results out', 's', 'What a batch of changes bears on by all models of single deals, and a report by a Markov chain.', quantiles('crossdock_attribution_recompute_duration_seconds', ofAttribution, 'model'), { value: 5 }),
        lines('Results', 'ops', 'Batches of changes, and Markov chains, worked out a second.', [rateOf('crossdock_attribution_recompute_duration_seconds_count', ofAttribution, 'model')]),
        lines('Events', 'ops', 'Heard, by what became of them.', [rateOf('crossdock_event_handled_total', ofAttribution, 'type, outcome')]),
        lines('Lag', 's', 'Age of the oldest event that is not counted yet.', [{ expression: `max by (topic) (crossdock_consumer_lag_seconds{${ofAttribution}})`, legend: '{{topic}}' }], { value: 300 }),
        lines('Tasks', 'short', 'By kind and state.', [{ expression: `max by (kind, state) (crossdock_tasks{${ofAttribution}})`, legend: '{{kind}} {{state}}' }]),
        lines('Requests for reports', 'reqps', 'By route.', [rateOf('crossdock_http_request_duration_seconds_count', ofAttribution, 'route')]),
      ],
    },
  ],
};
