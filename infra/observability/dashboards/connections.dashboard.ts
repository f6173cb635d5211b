import { lines, rateOf, type Dashboard } from './dashboard.ts';

const ofVendor = 'vendor=~"$vendor"';

/** Tenants' accounts: their health, tokens, feeds, and what keeps them in step. */
export const connectionsDashboard: Dashboard = {
  name: 'connections', title: 'connections', choices: [{ name: 'vendor', metric: 'crossdock_connections' }],
  rows: [
    {
      title: 'Accounts',
      panels: [
        lines('Connections by state', 'short', 'needs_reconnect waits for the tenant.', [{ expression: `sum by (state) (max by (vendor, state) (crossdock_connections{${ofVendor}}))`, legend: '{{state}}' }]),
        lines('To be connected again', 'short', 'By vendor: many at once are the vendor’s or our doing.', [{ expression: `max by (vendor) (crossdock_connections{${ofVendor}, state="needs_reconnect"})`, legend: '{{vendor}}' }]),
        lines('Renewals of tokens', 'ops', 'unauthorised: the tenant took the access back.', [rateOf('crossdock_token_refresh_total', ofVendor, 'vendor, outcome')]),
        lines('Parked tasks', 'short', 'Work that rests until its connection is mended.', [{ expression: 'sum by (service) (max by (service, kind) (crossdock_tasks{state="parked"}))', legend: '{{service}}' }]),
      ],
    },
    {
      title: 'What accounts tell',
      panels: [
        lines('Changes last read', 's', 'Of the account that has waited longest.', [{ expression: `max by (vendor, object) (crossdock_feed_lag_seconds{${ofVendor}})`, legend: '{{vendor}} {{object}}' }], { value: 3_600 }),
        lines('Change streams', 'short', 'Heard by some process, or waiting to be.', [{ expression: `max by (vendor, state) (crossdock_change_listeners{${ofVendor}})`, legend: '{{vendor}} {{state}}' }]),
        lines('Upkeep of shops’ webhooks', 'ops', 'What had to be done to them.', [rateOf('crossdock_shop_webhook_upkeep_total', ofVendor, 'vendor, done')]),
      ],
    },
    {
      title: 'Records in step',
      panels: [
        lines('Freshness', 's', 'From the change in one account to the answer of the other.', [{ expression: 'histogram_quantile(0.99, sum by (source, target, le) (rate(crossdock_sync_freshness_seconds_bucket[$__rate_interval])))', legend: 'p99 {{source}} → {{target}}' }], { value: 60 }),
        lines('Writes', 'ops', 'By what the accounts answered.', [rateOf('crossdock_sync_write_total', '', 'target, outcome')]),
        lines('Told by accounts', 'ops', 'stale: something newer was known.', [rateOf('crossdock_sync_told_total', '', 'source, outcome')]),
        lines('Waiting for a person', 'short', 'Refused records, and fields that were changed in two places.', [
          { expression: 'max by (object) (crossdock_sync_refused_records)', legend: 'refused {{object}}' },
          { expression: 'max by (object) (crossdock_sync_conflict_records)', legend: 'conflict {{object}}' },
        ]),
        lines('New conflicts', 'ops', 'Fields that began to wait for a person.', [rateOf('crossdock_sync_conflict_total', '', 'source')]),
        lines('Differences found', 'short', 'By the last complete comparison.', [{ expression: 'max by (service, kind) (crossdock_reconciliation_drift_records)', legend: '{{service}} {{kind}}' }], { value: 1 }),
      ],
    },
  ],
};
