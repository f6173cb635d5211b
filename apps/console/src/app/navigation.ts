/** A page that the navigation leads to, and what somebody must be allowed to see it. */
export interface Place {
  readonly to: '/' | '/connections' | '/syncs' | '/follow' | '/orders' | '/mappings' | '/attribution' | '/dead-letters';
  readonly name: string;
  readonly scope?: string;
  /** What an operator must be allowed to see it of all tenants together; without it the page is one of a tenant. */
  readonly operatorScope?: string;
}

/** In the order in which they are shown. */
export const places: readonly Place[] = [
  { to: '/', name: 'Overview' },
  { to: '/connections', name: 'Connections', scope: 'connections:read' },
  { to: '/syncs', name: 'Syncs and jobs', scope: 'syncs:read' },
  { to: '/orders', name: 'Orders', scope: 'orders:read' },
  { to: '/mappings', name: 'Mappings', scope: 'connections:read' },
  { to: '/attribution', name: 'Attribution', scope: 'attribution:read' },
  { to: '/follow', name: 'Follow a record', scope: 'lineage:read' },
  { to: '/dead-letters', name: 'Dead letters', scope: 'dead-letters:read', operatorScope: 'operations:read' },
];
