import { attributionDashboard } from './attribution.dashboard.ts';
import { connectionsDashboard } from './connections.dashboard.ts';
import type { DashboardName } from './dashboard-names.ts';
import type { Dashboard } from './dashboard.ts';
import { eventCoreDashboard } from './event-core.dashboard.ts';
import { ingestDashboard } from './ingest.dashboard.ts';
import { overviewDashboard } from './overview.dashboard.ts';
import { serviceLevelsDashboard } from './service-levels.dashboard.ts';
import { tenantsDashboard } from './tenants.dashboard.ts';
import { vendorsDashboard } from './vendors.dashboard.ts';
import { workDashboard } from './work.dashboard.ts';

/** Every dashboard; the compiler asks for each name. */
export const dashboards: Readonly<Record<DashboardName, Dashboard>> = {
  overview: overviewDashboard, 'service-levels': serviceLevelsDashboard, ingest: ingestDashboard, 'event-core': eventCoreDashboard, vendors: vendorsDashboard,
  connections: connectionsDashboard, work: workDashboard, tenants: tenantsDashboard, attribution: attributionDashboard,
};
