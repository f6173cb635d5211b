/** The dashboards there are; a dashboard's address ends in `crossdock-<name>`. */
export const dashboardNames = ['overview', 'service-levels', 'ingest', 'event-core', 'vendors', 'connections', 'work', 'tenants', 'attribution'] as const;

export type DashboardName = (typeof dashboardNames)[number];
