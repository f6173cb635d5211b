import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from './crm/crm-records.ts';
import type { HubSpotAccounts, Portal } from './hubspot-accounts.ts';
import { missingScopes, tooManyRequests, tooManySearches, unauthenticated } from './hubspot-refusals.ts';
import { requiredScopes } from './scopes.ts';

export type PortalOf = (request: FastifyRequest) => Portal;

/** The id of the portal whose token, if it lives, a call bears. */
export function callingPortal(request: FastifyRequest, accounts: HubSpotAccounts): string | undefined {
  const token = bearerOf(request);
  const portalId = token === undefined ? undefined : accounts.inspect(token)?.grant.portal.portalId;
  return portalId === undefined ? undefined : String(portalId);
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Lets only callers in whose token lives and has the scopes, counts them against the portal's limits, and says in headers what is left.
 * The daily headers are absent for apps that use OAuth; search has neither headers nor part in the common limit.
 */
export function requirePortal(app: FastifyInstance, accounts: HubSpotAccounts): PortalOf {
  const portals = new WeakMap<FastifyRequest, Portal>();
  app.addHook('preHandler', async (request, reply) => {
    const token = bearerOf(request);
    if (token === undefined) throw unauthenticated();
    const { portal, scopes } = accounts.grantOf(token);
    portals.set(request, portal);
    const [path = ''] = request.url.split('?');
    const lacking = requiredScopes(request.method, path).filter((scope) => !scopes.includes(scope));
    if (lacking.length > 0) throw missingScopes(lacking);
    if (path.endsWith('/search')) {
      const taken = portal.searches.take(Date.now());
      if (!taken.allowed && portal.rateLimit !== null) throw tooManySearches();
      return;
    }
    const taken = portal.calls.take(Date.now());
    reply.headers({
      'x-hubspot-ratelimit-interval-milliseconds': String(portal.calls.limit.intervalMs),
      'x-hubspot-ratelimit-max': String(portal.calls.limit.max),
      'x-hubspot-ratelimit-remaining': String(taken.remaining),
    });
    if (!taken.allowed && portal.rateLimit !== null) throw tooManyRequests('TEN_SECONDLY_ROLLING');
  });
  return (request) => {
    const portal = portals.get(request);
    if (portal === undefined) throw unauthenticated();
    return portal;
  };
}

/** What is changed with an app's token is the app's doing. */
export const appActor = (portal: Portal): Actor => ({
  changeSource: 'INTEGRATION',
  sourceId: String(portal.app.appId),
});
