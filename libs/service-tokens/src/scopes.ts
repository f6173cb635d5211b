/** What callers may be allowed within one tenant, and what that means. A route names no other scope. */
export const tenantScopes = {
  'connections:read': 'See connected accounts, their health, fields and mappings, and the calls made to them.',
  'connections:write': 'Connect, change and disconnect accounts, and change their mappings.',
  'records:read': 'Look up contacts, companies and deals in connected accounts.',
  'personal:read': 'See names, e-mail addresses and phone numbers of contacts and customers, where one may see their records.',
  'orders:read': 'See orders, their timelines and comparisons.',
  'orders:write': 'Move orders, compare them, and change how they move.',
  'shipments:read': 'See shipments, manifests, rates and stock.',
  'shipments:write': 'Buy and take back labels, follow parcels, and change stock and policy. Spends money.',
  'attribution:read': 'See which touches brought which revenue.',
  'attribution:write': 'Tell of touches, and change how credit is given.',
  'syncs:read': 'See which records are kept in step, and what stands in the way.',
  'syncs:write': 'Keep records in step, and decide about conflicts.',
  'leads:write': 'Hand in leads, and make forms.',
  'jobs:read': 'See long work and how far it is.',
  'jobs:write': 'Cancel and resume long work.',
  'dead-letters:read': 'See what could not be worked off, and work that is parked.',
  'dead-letters:write': 'Have it worked off again, or give it up.',
  'identity:read': 'See people, their sessions, and how they sign on.',
  'identity:write': 'Add, change and remove people, and change how they sign on.',
  'lineage:read': 'See the whole way of a record through the hub.',
  'audit:read': 'See who did what.',
  'audit:write': 'Say for how long that is kept.',
  'privacy:read': 'See requests about one person’s data, and download what was handed over.',
  'privacy:write': 'Have one person’s data handed over or erased, in all services.',
  'api-keys:read': 'See API keys, without their secrets.',
  'api-keys:write': 'Make and revoke API keys, with no more scopes than one has.',
} as const;

/** What callers may be allowed who are bound to no tenant. */
export const operatorScopes = {
  'tenants:manage': 'Create, suspend, resume, export and delete tenants.',
  'operations:read': 'See dead letters, parked work, replays and calls of every tenant.',
  'operations:write': 'Replay and discard them.',
} as const;

export type TenantScopeName = keyof typeof tenantScopes;
export type OperatorScopeName = keyof typeof operatorScopes;

/** All that a caller may be allowed within a tenant. */
export const tenantScopeNames = Object.keys(tenantScopes).filter((name): name is TenantScopeName => name in tenantScopes);
