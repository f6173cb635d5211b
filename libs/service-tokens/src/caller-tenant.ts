import { z } from 'zod';
import { anyTenantScope } from './access-token.ts';
import type { Principal } from './caller.ts';

/** Names the tenant of a request whose token is bound to none. */
export const tenantHeader = 'x-crossdock-tenant';

export type TenantDecision =
  | { readonly outcome: 'resolved'; readonly tenantId: string }
  | { readonly outcome: 'malformed' | 'forbidden'; readonly reason: string };

const tenantIdSchema = z.uuid();

/** What names a tenant in a request, beside its credential. */
export interface NamedTenants {
  readonly header?: string | undefined;
  /** Whose the domain is that the request was sent to. */
  readonly domain?: string | undefined;
  /** Whose the domain is of the page that a browser calls from. */
  readonly page?: string | undefined;
}

/**
 * For which tenant a request acts. A credential bound to a tenant serves that one only; a client with the scope for any
 * tenant must name one, by header or domain; everybody else has none. Where two name different ones the request is refused.
 */
export function resolveTenant({ tenantId: bound, scopes }: Principal, { header, domain, page }: NamedTenants): TenantDecision {
  if (header !== undefined && !tenantIdSchema.safeParse(header).success) {
    return { outcome: 'malformed', reason: `The header ${tenantHeader} must be one UUID.` };
  }
  if (bound === undefined && !scopes.has(anyTenantScope)) return { outcome: 'forbidden', reason: 'The token is bound to no tenant.' };
  const named = [bound, header?.toLowerCase(), domain].filter((tenantId) => tenantId !== undefined);
  const [tenantId, ...more] = named;
  const others = page === undefined ? more : [...more, page];
  if (tenantId === undefined) return { outcome: 'malformed', reason: `The header ${tenantHeader} must name the tenant.` };
  if (others.every((other) => other === tenantId)) return { outcome: 'resolved', tenantId };
  const which = bound === undefined ? `The header ${tenantHeader}, the domain and the page name different tenants.` : 'The token is bound to another tenant.';
  return { outcome: 'forbidden', reason: which };
}
