import { lines, quantiles, rateOf, type Dashboard } from './dashboard.ts';

const ofVendor = 'vendor=~"$vendor"';

/** Calls to vendors: how many, how well, within which limits. */
export const vendorsDashboard: Dashboard = {
  name: 'vendors', title: 'connectors and vendors', choices: [{ name: 'vendor', metric: 'crossdock_circuit_breaker_state' }],
  rows: [
    {
      title: 'Calls',
      panels: [
        lines('Calls', 'reqps', 'By vendor.', [rateOf('crossdock_vendor_request_total', ofVendor, 'vendor')]),
        lines('What became of them', 'reqps', 'circuit_open and no_budget were not sent.', [rateOf('crossdock_vendor_request_total', ofVendor, 'vendor, outcome')]),
        lines('Time of a call', 's', 'To the last byte of the answer.', quantiles('crossdock_vendor_request_duration_seconds', ofVendor, 'vendor'), { value: 5 }),
        lines('Slowest operations', 's', 'The five operations that take longest, by the mean.', [{
          expression: `topk(5, sum by (vendor, operation) (rate(crossdock_vendor_request_duration_seconds_sum{${ofVendor}}[$__rate_interval])) / sum by (vendor, operation) (rate(crossdock_vendor_request_duration_seconds_count{${ofVendor}}[$__rate_interval])))`, legend: '{{vendor}} {{operation}}',
        }]),
        lines('Open circuits', 'short', 'Connections whose calls are held back after failures.', [{ expression: `max by (vendor) (crossdock_circuit_breaker_state{${ofVendor}})`, legend: '{{vendor}}' }], { value: 1 }),
      ],
    },
    {
      title: 'Limits',
      panels: [
        lines('Used of limits', 'percentunit', 'By the account that is nearest to its limit.', [{ expression: `max by (vendor, window) (crossdock_vendor_budget_used_ratio{${ofVendor}})`, legend: '{{vendor}} {{window}}' }], { value: 1 }),
        lines('Answers to who asked for budget', 'reqps', 'Deferred work rests until there is budget again.', [rateOf('crossdock_vendor_budget_total', ofVendor, 'vendor, answer')]),
        lines('Held back', 'reqps', 'By the limit that was used up; pause where the vendor asked for one.', [rateOf('crossdock_vendor_throttled_total', ofVendor, 'vendor, window')]),
        lines('Counted without Redis', 'ops', 'Above 0: Redis does not answer, and each process keeps to a share of the limits.', [rateOf('crossdock_vendor_budget_local_total', '', 'service')], { value: 1 }),
      ],
    },
    {
      title: 'Upkeep',
      panels: [
        lines('Switched off by the vendor', 'dateTimeFromNow', 'When operations in use will be gone.', [{ expression: `min by (vendor, api) (crossdock_vendor_api_sunset_timestamp_seconds{${ofVendor}}) * 1000`, legend: '{{vendor}} {{api}}' }]),
        lines('Deprecated operations', 'reqps', 'Calls whose answer says that the operation is deprecated.', [rateOf('crossdock_vendor_deprecation_total', ofVendor, 'vendor, operation')]),
        lines('Call records dropped', 'ops', 'The database did not take them in time.', [rateOf('crossdock_call_log_dropped_total', '', 'service')], { value: 1 }),
      ],
    },
  ],
};
