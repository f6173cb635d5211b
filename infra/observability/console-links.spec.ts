import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { dashboardAddress, linkedDashboards } from '../../apps/console/src/pages/overview/dashboards.ts';
import { renderDashboard } from './dashboards/dashboard-json.ts';
import { dashboards } from './dashboards/dashboards.ts';

const modelSchema = z.object({ uid: z.string(), templating: z.object({ list: z.array(z.object({ name: z.string() })) }) });
const models = Object.values(dashboards).map((dashboard) => modelSchema.parse(JSON.parse(renderDashboard(dashboard))));

describe('the console’s links into Grafana', () => {
  it.each(['overview', 'event-core', 'work', 'vendors'] as const)('lead to the dashboard %s, which there is, by a choice that it has', (name) => {
    const { pathname, searchParams } = new URL(dashboardAddress('https://grafana.example.com', name, 'any'));
    const model = models.find(({ uid }) => pathname === `/d/${uid}`);
    expect(model).toBeDefined();
    expect([...searchParams.keys()].map((key) => key.replace(/^var-/, ''))).toEqual([linkedDashboards[name]]);
    expect(model?.templating.list.map((choice) => choice.name)).toContain(linkedDashboards[name]);
  });

  it('are all among these', () => {
    expect(Object.keys(linkedDashboards).sort()).toEqual(['event-core', 'overview', 'vendors', 'work']);
  });

  it('keep the path below which Grafana is served, and what its address asks for', () => {
    expect(dashboardAddress('https://ops.example.com/grafana/?orgId=2', 'vendors', 'hubspot')).toBe('https://ops.example.com/grafana/d/crossdock-vendors?orgId=2&var-vendor=hubspot');
    expect(dashboardAddress('https://ops.example.com', 'overview')).toBe('https://ops.example.com/d/crossdock-overview');
  });
});
