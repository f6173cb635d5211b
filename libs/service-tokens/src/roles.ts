import type { PersonRole } from '@crossdock/contracts';
import { tenantScopeNames, type TenantScopeName } from './scopes.ts';

/** What decides who gets in, and which accounts are worked with. */
const ofAdmins: ReadonlySet<TenantScopeName> = new Set(['api-keys:read', 'api-keys:write', 'audit:read', 'audit:write', 'connections:write', 'identity:read', 'identity:write', 'privacy:read', 'privacy:write']);

const scopesOfRole: Readonly<Record<PersonRole, readonly TenantScopeName[]>> = {
  admin: tenantScopeNames,
  editor: tenantScopeNames.filter((scope) => !ofAdmins.has(scope)),
  viewer: tenantScopeNames.filter((scope) => scope.endsWith(':read') && !ofAdmins.has(scope)),
};

/** The scopes that a person with these roles has; none without a role. A role is a set of scopes, and no route asks for it. */
export function scopesOfRoles(held: readonly PersonRole[]): TenantScopeName[] {
  return tenantScopeNames.filter((scope) => held.some((role) => scopesOfRole[role].includes(scope)));
}
