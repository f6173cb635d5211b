import { lines, type Dashboard, type Panel } from './dashboard.ts';

function busiest(work: string, title: string, about: string): Panel {
  return lines(title, 'short', about, [{ expression: `sum by (tenant) (crossdock_tenant_work{tenant=~"$tenant", work="${work}"})`, legend: '{{tenant}}' }]);
}

/** What single tenants ask of the hub: the twenty busiest of each process by name, all others together. */
export const tenantsDashboard: Dashboard = {
  name: 'tenants', title: 'tenants', choices: [{ name: 'tenant', metric: 'crossdock_tenant_work' }],
  rows: [
    {
      title: 'Work of the last full minute',
      panels: [
        busiest('webhook', 'Webhooks', 'What their accounts told.'),
        busiest('event', 'Events', 'What was handled for them.'),
        busiest('task', 'Tasks', 'What was done for them.'),
        busiest('vendor_call', 'Calls to vendors', 'What was asked of their accounts.'),
        lines('Part of all work', 'percentunit', 'Work is shared fairly between tenants; one that has most of it alone is worth a look.', [{
          expression: 'sum by (tenant) (crossdock_tenant_work{tenant=~"$tenant"}) / ignoring (tenant) group_left () sum(crossdock_tenant_work)', legend: '{{tenant}}',
        }]),
      ],
    },
  ],
};
