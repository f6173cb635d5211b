import type { JourneyTenant } from '../servers/journey-tenants.ts';

/** Orders numbered from `firstId` on, of these tenants in turn, at an even pace. */
export interface PacedOrders {
  readonly tenants: readonly JourneyTenant[];
  readonly firstId: number;
  readonly count: number;
  readonly perSecond: number;
}

export function tenantOf({ tenants }: PacedOrders, index: number): JourneyTenant {
  const tenant = tenants[index % tenants.length];
  if (tenant === undefined) throw new Error('There is no tenant.');
  return tenant;
}
