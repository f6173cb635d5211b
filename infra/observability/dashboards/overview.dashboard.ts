import { serviceNames } from '@crossdock/contracts';
import { figure, lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofService = 'service=~"$service"';

/** How the whole stands: what tenants notice first, then the processes. */
export const overviewDashboard: Dashboard = {
  name: 'overview', title: 'overview', choices: [{ name: 'service', metric: 'crossdock_service_ready' }],
  rows: [
    {
      title: 'What tenants notice',
      panels: [
        figure('Alerts that fire', 'short', 'Pages and tickets that are not over yet.', { expression: 'count(ALERTS{alertname=~"Crossdock.*", alertstate="firing"}) or vector(0)', legend: 'alerts' }, { value: 1 }),
        figure('Processes that are away', 'short', 'Targets that Prometheus does not reach.', { expression: `count(up{job=~"${serviceNames.join('|')}"} == 0) or vector(0)`, legend: 'processes' }, { value: 1 }),
        figure('Oldest event unsent', 's', 'Outboxes: above a minute Kafka does not take events.', { expression: 'max(crossdock_outbox_oldest_age_seconds)', legend: 'age' }, { value: 60 }),
        figure('Largest lag', 's', 'Age of the oldest event that a consumer has not handled.', { expression: 'max(crossdock_consumer_lag_seconds)', legend: 'lag' }, { value: 300 }),
        figure('Oldest ready task', 's', 'Work that could be done and is not.', { expression: 'max(crossdock_task_oldest_age_seconds{state="ready"})', legend: 'age' }, { value: 900 }),
        figure('Dead letters', 'short', 'What waits for a person, up to 10,000 of each kind.', { expression: 'sum(max by (service, origin, reason) (crossdock_dead_letters))', legend: 'letters' }, { value: 1 }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        lines('Requests', 'reqps', 'Requests a second by service.', [rateOf('crossdock_http_request_duration_seconds_count', ofService, 'service')]),
        lines('Faults', 'percentunit', 'Part of the requests that were answered with 5xx.', [{
          expression: `sum by (service) (rate(crossdock_http_request_duration_seconds_count{${ofService}, status_class="5xx"}[$__rate_interval])) / sum by (service) (rate(crossdock_http_request_duration_seconds_count{${ofService}}[$__rate_interval]))`, legend: '{{service}}',
        }], { value: 0.05 }),
        lines('Time of requests', 's', 'From the first byte of a request to the last of its answer.', quantiles('crossdock_http_request_duration_seconds', ofService, 'service'), { value: 2.5 }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        lines('Ready', 'short', 'Processes that have all that they need to work.', [{ expression: `sum by (service) (crossdock_service_ready{${ofService}})`, legend: '{{service}}' }]),
        lines('Event-loop delay', 's', 'How late a process reacts to one thing in a hundred.', [{ expression: `max by (service) (nodejs_eventloop_lag_p99_seconds{${ofService}})`, legend: '{{service}}' }], { value: 0.25 }),
        lines('Processor', 'short', 'Cores in use.', [rateOf('process_cpu_seconds_total', ofService, 'service')]),
        lines('Memory', 'bytes', 'Resident memory of the largest process.', [{ expression: `max by (service) (process_resident_memory_bytes{${ofService}})`, legend: '{{service}}' }]),
        lines('Connections to PostgreSQL in use', 'percentunit', 'Busy connections of those that the processes may have.', [{ expression: `max by (service) (crossdock_database_pool_connections{${ofService}, state="busy"} / on (service, instance) crossdock_database_pool_size{${ofService}})`, legend: '{{service}}' }], { value: 0.9 }),
        lines('Connections of callers', 'short', 'HTTP connections that are open.', [{ expression: `sum by (service) (crossdock_http_connections{${ofService}})`, legend: '{{service}}' }]),
        lines('Connections refused', 'ops', 'Above 0: as many callers are connected as a process takes.', [rateOf('crossdock_http_connections_refused_total', ofService, 'service')]),
        lines('Callers that wait for a connection', 'short', 'Above 0 for long: the pool is too small, or the database slow.', [{ expression: `sum by (service) (crossdock_database_pool_connections{${ofService}, state="waiting"})`, legend: '{{service}}' }], { value: 1 }),
      ],
    },
  ],
};
