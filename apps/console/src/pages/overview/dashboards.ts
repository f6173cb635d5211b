/** The dashboards that pages lead to, each with the choice by which it shows one thing alone. */
export const linkedDashboards = { overview: 'service', 'event-core': 'service', work: 'service', vendors: 'vendor' } as const;

/** Where Grafana shows a dashboard: of all, or of the one service or vendor that is given. What `GRAFANA_URL` says beside the host, such as an organisation, is kept. */
export function dashboardAddress(grafanaUrl: string, dashboard: keyof typeof linkedDashboards, only?: string): string {
  const address = new URL(grafanaUrl);
  address.pathname = `${address.pathname.replace(/\/$/, '')}/d/crossdock-${dashboard}`;
  if (only !== undefined) address.searchParams.set(`var-${linkedDashboards[dashboard]}`, only);
  return address.href;
}
