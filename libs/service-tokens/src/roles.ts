import type { PersonRole } from '@crossdock/contracts';
import { anyTenantScope } from './access-token.ts';
import { tenantScopeNames, type OperatorScopeName, type TenantScopeName } from './scopes.ts';

/** What decides who gets in, and which accounts are worked with. */
const ofAdmins: ReadonlySet<TenantScopeName> = new Set(['api-keys:read', 'api-keys:write', 'audit:read', 'audit:write', 'connections:write', 'dead-letters:write', 'identity:read', 'identity:write', 'privacy:read', 'privacy:write']);

const scopesOfRole: Readonly<Record<PersonRole, readonly TenantScopeName[]>> = {
  admin: tenantScopeNames,
  editor: tenantScopeNames.filter((scope) => !ofAdmins.has(scope)),
  viewer: tenantScopeNames.filter((scope) => scope.endsWith(':read') && !ofAdmins.has(scope)),
};

/** What an operator may do in a tenant that they name: keys, which would outlive their session, are the tenant's own to make. */
const withinTenants: Readonly<Record<PersonRole, readonly TenantScopeName[]>> = {
  admin: tenantScopeNames.filter((scope) => scope !== 'api-keys:write'),
  editor: [...scopesOfRole.viewer.filter((scope) => scope !== 'personal:read'), 'audit:read', 'dead-letters:write', 'jobs:write', 'syncs:write'],
  viewer: [...scopesOfRole.viewer.filter((scope) => scope !== 'personal:read'), 'audit:read'],
};

const acrossTenants: Readonly<Record<PersonRole, readonly OperatorScopeName[]>> = {
  admin: ['operations:read', 'operations:write', 'tenants:manage'],
  editor: ['operations:read', 'operations:write'],
  viewer: ['operations:read'],
};

/** The scopes that an operator with these roles has: for the installation, and within each tenant that they name; none without a role. */
export function scopesOfOperatorRoles(held: readonly PersonRole[]): string[] {
  if (held.length === 0) return [];
  return [...new Set([anyTenantScope, ...held.flatMap((role) => [...acrossTenants[role], ...withinTenants[role]])])].sort();
}

/** The scopes that a person with these roles has; none without a role. A role is a set of scopes, and no route asks for it. */
export function scopesOfRoles(held: readonly PersonRole[]): TenantScopeName[] {
  return tenantScopeNames.filter((scope) => held.some((role) => scopesOfRole[role].includes(scope)));
}
