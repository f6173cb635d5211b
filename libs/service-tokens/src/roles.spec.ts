import { describe, expect, it } from '@jest/globals';
import { scopesOfOperatorRoles, scopesOfRoles } from './roles.ts';
import { tenantScopeNames } from './scopes.ts';

describe('the scopes of an operator', () => {
  it('are none without a role, reading alone for a viewer, and nobody’s personal data but for an admin', () => {
    expect(scopesOfOperatorRoles([])).toEqual([]);
    expect(scopesOfOperatorRoles(['viewer']).filter((scope) => !scope.endsWith(':read'))).toEqual(['tenant:any']);
    expect(scopesOfOperatorRoles(['viewer', 'editor'])).not.toContain('personal:read');
    expect(scopesOfOperatorRoles(['viewer', 'editor'])).not.toContain('tenants:manage');
  });

  it('make no keys, which would outlive the operator’s session', () => {
    expect(scopesOfOperatorRoles(['viewer', 'editor', 'admin'])).not.toContain('api-keys:write');
  });
});

describe('the scopes of a role', () => {
  it('are all for an admin, and none for somebody without a role', () => {
    expect(scopesOfRoles(['admin'])).toEqual(tenantScopeNames);
    expect(scopesOfRoles([])).toEqual([]);
  });

  it('let a viewer change nothing, and nobody but an admin let others in', () => {
    expect(scopesOfRoles(['viewer']).filter((scope) => !scope.endsWith(':read'))).toEqual([]);
    expect(scopesOfRoles(['viewer', 'editor']).filter((scope) => scope.startsWith('api-keys:'))).toEqual([]);
    expect(scopesOfRoles(['viewer', 'editor'])).toContain('orders:write');
  });
});
