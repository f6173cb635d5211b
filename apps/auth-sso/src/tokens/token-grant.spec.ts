import { describe, expect, it } from '@jest/globals';
import { newClient, tenantA, tenantB } from '../clients/client.fixture.ts';
import { decideGrant } from './token-grant.ts';

const { client: gateway } = await newClient();
const { client: bound } = await newClient({ clientId: 'orders', tenants: [tenantA], scopes: ['orders:read'] });

describe('what a client is granted', () => {
  it('is all its scopes, for any tenant, where it asks for nothing less', () => {
    expect(decideGrant(gateway, { audience: 'orders' })).toEqual({
      clientId: 'gateway', audience: 'orders', scopes: ['orders:read', 'orders:write', 'tenant:any'],
    });
  });

  it('is no more than it asks for', () => {
    expect(decideGrant(gateway, { audience: 'orders', scopes: ['orders:read', 'orders:read'], tenantId: tenantB })).toEqual({
      clientId: 'gateway', audience: 'orders', scopes: ['orders:read'], tenantId: tenantB,
    });
  });

  it('never holds both one tenant and the scope for any', () => {
    const { scopes } = decideGrant(gateway, { audience: 'orders', tenantId: tenantA });
    expect(scopes).toEqual(['orders:read', 'orders:write']);
  });

  it.each([
    ['an audience it may not call', { audience: 'attribution', tenantId: tenantA }, 'invalid_target'],
    ['another tenant than its own', { audience: 'orders', tenantId: tenantB }, 'invalid_target'],
    ['a scope it lacks', { audience: 'orders', tenantId: tenantA, scopes: ['orders:read', 'orders:write'] }, 'invalid_scope'],
    ['any tenant, by scope', { audience: 'orders', scopes: ['tenant:any'] }, 'invalid_scope'],
    ['any tenant, by naming none', { audience: 'orders' }, 'invalid_request'],
  ])('is nothing where a client of one tenant asks for %s', (_fault, request, code) => {
    expect(() => decideGrant(bound, request)).toThrow(expect.objectContaining({ name: 'OAuthError', code }));
  });

  it('is nothing where a client for any tenant leaves out both the tenant and that scope', () => {
    expect(() => decideGrant(gateway, { audience: 'orders', scopes: ['orders:read'] }))
      .toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
