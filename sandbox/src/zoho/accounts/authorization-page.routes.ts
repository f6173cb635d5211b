import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { backTo, isRegistered, pageRefusal } from '../../authorization/authorization-page.ts';
import type { Consent } from '../../authorization/consent.ts';
import { read } from '../../request-bodies.ts';
import { accountsUrlOf } from '../data-centres.ts';
import type { ZohoOrgs } from '../zoho-orgs.ts';
import { locationOf, type LocationPath } from './accounts.routes.ts';
import type { ZohoGrants } from './zoho-grants.ts';

const authorizeSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.url(),
  scope: z.string().min(1).transform((text) => text.split(/[ ,]+/).filter((scope) => scope !== '')),
  access_type: z.enum(['offline', 'online']).default('online'),
  prompt: z.string().optional(),
  state: z.string().optional(),
});

/**
 * The page on which a person lets the app into an organisation. The server of the United States leads people of every
 * data centre but China's to their own; the answer names where the code is good: `location` and `accounts-server`.
 */
export function registerAuthorizationPage(app: FastifyInstance, orgs: ZohoOrgs, grants: ZohoGrants, consent: Consent): void {
  app.get<LocationPath>('/accounts/:location/oauth/v2/auth', async (request, reply) => {
    const asked = locationOf(request);
    const query = read(authorizeSchema, request.query, (path) => pageRefusal(400, `ERROR_invalid_parameter: ${path}`));
    const reachable = [...orgs.byId.values()].filter(({ options }) =>
      options.clientId === query.client_id && (options.location === asked || (asked === 'us' && options.location !== 'cn')));
    const org = reachable.find(({ orgId }) => consent.answer.account === undefined || consent.answer.account === orgId);
    if (org === undefined) throw pageRefusal(400, 'ERROR_invalid_client');
    if (!isRegistered(org.options.redirectUris, query.redirect_uri)) throw pageRefusal(400, 'ERROR_invalid_redirect_uri');
    const { location } = org.options;
    if (consent.answer.decision === 'deny') {
      return await reply.redirect(backTo(query.redirect_uri, { error: 'access_denied', state: query.state }), 302);
    }
    const grant = grants.approve(org, consent.grantedOf(query.scope), {
      offline: query.access_type === 'offline', consentAgain: query.prompt === 'consent',
    });
    const code = grants.codes.issue(grant, query.redirect_uri, null);
    const answer = { state: query.state, code, location, 'accounts-server': accountsUrlOf(request, location) };
    return await reply.redirect(backTo(query.redirect_uri, answer), 302);
  });
}
