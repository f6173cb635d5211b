/** The dashboards there are; a dashboard's address ends in `crossdock-<name>`. */
export type DashboardName = 'overview' | 'service-levels' | 'ingest' | 'event-core' | 'vendors' | 'connections' | 'work' | 'tenants' | 'attribution';
