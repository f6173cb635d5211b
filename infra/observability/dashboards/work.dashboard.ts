import { lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofService = 'service=~"$service"';

/** Tasks and jobs, orders and parcels. */
export const workDashboard: Dashboard = {
  name: 'work', title: 'tasks and jobs', choices: [{ name: 'service', metric: 'crossdock_tasks' }],
  rows: [
    {
      title: 'Tasks',
      panels: [
        lines('Tasks by state', 'short', 'Above 10,000 of a state an estimate.', [{ expression: `sum by (service, state) (max by (service, kind, state) (crossdock_tasks{${ofService}}))`, legend: '{{service}} {{state}}' }]),
        lines('Oldest ready task', 's', 'Work that could be done and is not.', [{ expression: `max by (service, kind) (crossdock_task_oldest_age_seconds{${ofService}, state="ready"})`, legend: '{{service}} {{kind}}' }], { value: 900 }),
        lines('Tries', 'ops', 'By what became of them.', [rateOf('crossdock_task_attempts_total', ofService, 'kind, outcome')]),
        lines('Time of a batch', 's', 'By kind of task.', quantiles('crossdock_task_run_duration_seconds', ofService, 'kind')),
        lines('Schedules', 'ops', 'Slots that were fired.', [rateOf('crossdock_schedule_firings_total', ofService, 'schedule')]),
      ],
    },
    {
      title: 'Jobs',
      panels: [
        lines('Progress', 'percentunit', 'Of what is known to be done, over the open jobs of a kind.', [{ expression: `max by (service, kind) (crossdock_job_progress_ratio{${ofService}})`, legend: '{{service}} {{kind}}' }]),
        lines('Oldest open job', 's', 'By kind.', [{ expression: `max by (service, kind) (crossdock_job_age_seconds{${ofService}})`, legend: '{{service}} {{kind}}' }]),
        lines('Complete readings under way', 's', 'Age of the oldest.', [{ expression: 'max by (kind) (crossdock_sync_run_age_seconds)', legend: '{{kind}}' }]),
      ],
    },
    {
      title: 'Orders and parcels',
      panels: [
        lines('Moves of orders', 'ops', 'Reached, refused, or being verified.', [rateOf('crossdock_order_transition_total', '', 'to, outcome')]),
        lines('Labels', 'ops', 'Bought, or ended without one.', [rateOf('crossdock_shipping_labels_total', '', 'outcome, kind')]),
        lines('Parcels that went quiet', 'ops', 'Looks at carriers; news: a webhook was lost or is late.', [rateOf('crossdock_shipping_parcel_looks_total', '', 'outcome')]),
        lines('Unknown tracking statuses', 'ops', 'The vendor does not document them.', [rateOf('crossdock_shipping_unknown_statuses_total', '', 'service')]),
      ],
    },
  ],
};
