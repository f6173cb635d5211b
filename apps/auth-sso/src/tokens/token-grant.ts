import { anyTenantScope } from '@crossdock/service-tokens';
import type { ServiceClient } from '../clients/client-registry.ts';
import { OAuthError } from './oauth-error.ts';
import type { TokenRequest } from './token-request.ts';

/** What a token will say. */
export interface TokenGrant {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly tenantId?: string;
}

/**
 * What a client gets of what it asks for: never more than its entry allows, and never less without an error. A token
 * bound to a tenant never holds the scope for any tenant.
 * @throws OAuthError
 */
export function decideGrant(client: ServiceClient, request: Omit<TokenRequest, 'clientAssertion'>): TokenGrant {
  const { audience, tenantId } = request;
  if (!client.audiences.some((allowed) => allowed === audience)) {
    throw new OAuthError('invalid_target', 'The client may not call this audience.');
  }
  const requested = [...new Set(request.scopes ?? client.scopes)];
  const refused = requested.filter((scope) => !client.scopes.includes(scope));
  if (refused.length > 0) throw new OAuthError('invalid_scope', 'The client does not have every scope it asks for.');

  if (tenantId === undefined) {
    if (!requested.includes(anyTenantScope)) {
      throw new OAuthError('invalid_request', 'The parameter tenant is missing, and the request is not for any tenant.');
    }
    return { clientId: client.clientId, audience, scopes: requested };
  }
  if (client.tenants !== 'any' && !client.tenants.includes(tenantId)) {
    throw new OAuthError('invalid_target', 'The client may not act for this tenant.');
  }
  return { clientId: client.clientId, audience, scopes: requested.filter((scope) => scope !== anyTenantScope), tenantId };
}
