import { z } from 'zod';
import { anyTenantScope, parseScope, type AccessTokenClaims } from './access-token.ts';

/** Names the tenant of a request whose token is bound to none. */
export const tenantHeader = 'x-crossdock-tenant';

export type TenantDecision =
  | { readonly outcome: 'resolved'; readonly tenantId: string }
  | { readonly outcome: 'malformed' | 'forbidden'; readonly reason: string };

const tenantIdSchema = z.uuid();

/**
 * For which tenant a request acts. A token bound to a tenant serves that one only, whatever the header says; a client
 * with the scope for any tenant must name one; everybody else has none.
 */
export function resolveTenant(claims: AccessTokenClaims, header: string | undefined): TenantDecision {
  if (header !== undefined && !tenantIdSchema.safeParse(header).success) {
    return { outcome: 'malformed', reason: `The header ${tenantHeader} must be one UUID.` };
  }
  const named = header?.toLowerCase();
  const bound = claims.tenant?.toLowerCase();
  if (bound !== undefined) {
    if (named !== undefined && named !== bound) return { outcome: 'forbidden', reason: 'The token is bound to another tenant.' };
    return { outcome: 'resolved', tenantId: bound };
  }
  if (!parseScope(claims.scope).includes(anyTenantScope)) {
    return { outcome: 'forbidden', reason: 'The token is bound to no tenant.' };
  }
  if (named === undefined) return { outcome: 'malformed', reason: `The header ${tenantHeader} must name the tenant.` };
  return { outcome: 'resolved', tenantId: named };
}
