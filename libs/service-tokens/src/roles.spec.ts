import { describe, expect, it } from '@jest/globals';
import { scopesOfRoles } from './roles.ts';
import { tenantScopeNames } from './scopes.ts';

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
