import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org } from '../orgs.ts';
import { identityRefusal } from '../salesforce-refusals.ts';
import type { Grants } from './grants.ts';
import type { LoginServer } from './login-servers.ts';
import { identityUrlOf, instanceUrlOf, userNameOf } from './org-identity.ts';

/** The user behind a session: by OpenID Connect's address, and by the identity address of the token answer. */
export function registerIdentityRoutes(app: FastifyInstance, grants: Grants, server: LoginServer): void {
  const orgOf = (request: FastifyRequest): Org => {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw identityRefusal('Missing_OAuth_Token');
    const known = grants.inspect(token);
    if (known?.issuedAtMs == null || !server.serves(known.grant.org, request)) throw identityRefusal('Bad_OAuth_Token');
    return known.grant.org;
  };

  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: '/services/oauth2/userinfo',
      handler: async (request) => {
        const org = orgOf(request);
        return { sub: identityUrlOf(org, request), ...userAnswer(org, request), preferred_username: userNameOf(org), name: 'Admin User', zoneinfo: 'Europe/Berlin' };
      },
    });
  }

  app.get<{ Params: { orgId: string; userId: string } }>('/id/:orgId/:userId', async (request) => {
    const org = orgOf(request);
    if (org.orgId !== request.params.orgId) throw identityRefusal('Wrong_Org');
    return { id: identityUrlOf(org, request), asserted_user: true, ...userAnswer(org, request), username: userNameOf(org), display_name: 'Admin User', timezone: 'Europe/Berlin' };
  });
}

function userAnswer(org: Org, request: FastifyRequest): Record<string, unknown> {
  const instance = instanceUrlOf(org, request);
  return {
    user_id: org.userId,
    organization_id: org.orgId,
    email: userNameOf(org),
    active: true,
    user_type: 'STANDARD',
    urls: { rest: `${instance}/services/data/v{version}/`, sobjects: `${instance}/services/data/v{version}/sobjects/`, query: `${instance}/services/data/v{version}/query/` },
  };
}
