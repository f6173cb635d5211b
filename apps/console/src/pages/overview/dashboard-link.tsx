import type { ReactElement, ReactNode } from 'react';
import { dashboardAddress, type linkedDashboards } from './dashboards.ts';

interface DashboardLinkProps {
  /** Where Grafana is; without one there is no link. */
  readonly grafanaUrl: string | undefined;
  readonly dashboard: keyof typeof linkedDashboards;
  /** The service or vendor that is to be shown. */
  readonly only: string;
  readonly children: ReactNode;
}

/** Leads from a figure to how it went before, in a window of its own. */
export function DashboardLink({ grafanaUrl, dashboard, only, children }: DashboardLinkProps): ReactElement {
  if (grafanaUrl === undefined) return <>{children}</>;
  return <a href={dashboardAddress(grafanaUrl, dashboard, only)} target="_blank" rel="noreferrer">{children}<span className="unseen"> in Grafana</span></a>;
}
