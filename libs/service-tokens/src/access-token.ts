import { installationId, personRoleSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { operatorScopes } from './scopes.ts';

/** JWT type of an access token (RFC 9068 §2.1): with it, no other JWT of ours passes for one. */
export const accessTokenType = 'at+jwt';

/** How long an access token lives. Short, because nothing can revoke it. */
export const accessTokenLifetimeSeconds = 600;

/** How far two machines' clocks may be apart before a token counts as expired or not yet valid. */
export const clockToleranceSeconds = 30;

/** How long a service keeps the issuer's public keys before it reads them again. */
export const jwksCacheSeconds = 600;

/** A client that holds this scope names the tenant of each request itself, in the tenant header. */
export const anyTenantScope = 'tenant:any';

/** What no person of a tenant has, whoever signs the token: it acts beyond that tenant. */
const ofInstallation: ReadonlySet<string> = new Set([anyTenantScope, ...Object.keys(operatorScopes)]);

/** The claims of an access token beyond those the signature check itself covers. */
export const accessTokenClaimsSchema = z.object({
  sub: z.string().min(1),
  jti: z.string().min(1),
  /** When it runs out, in seconds since 1970. */
  exp: z.number(),
  /** Scopes separated by blanks, as in RFC 6749 §3.3. */
  scope: z.string(),
  /** The one tenant the token is bound to; absent where the client may act for any. */
  tenant: z.uuid().exactOptional(),
  /** The session of a person who signed on; absent where a service calls for itself. `sub` is the person's id then. */
  sid: z.uuid().exactOptional(),
  /** What the person may do, which `scope` follows from. */
  roles: z.array(personRoleSchema).exactOptional(),
  /** An operator's name, under which their acts are written down; of tenants' people no name leaves sign-on. */
  name: z.string().min(1).max(255).exactOptional(),
}).refine(({ sid, tenant, scope }) => sid === undefined || tenant === installationId || (tenant !== undefined && !parseScope(scope).some((name) => ofInstallation.has(name))), {
  path: ['tenant'], message: 'a person acts for one tenant, unless they signed on as an operator of the installation',
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaimsSchema>;

/** Single scopes of a `scope` claim or parameter. */
export function parseScope(scope: string): string[] {
  return scope.split(' ').filter((name) => name !== '');
}
