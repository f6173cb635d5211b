import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { backTo, isRegistered, pageRefusal } from '../../authorization/authorization-page.ts';
import type { Consent } from '../../authorization/consent.ts';
import { read } from '../../request-bodies.ts';
import type { HubSpotAccounts, Portal } from '../hubspot-accounts.ts';
import { knownScopes } from '../scopes.ts';

const scopeList = z.string().default('').transform((text) => text.split(/[ +]/).filter((scope) => scope !== ''));

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  scope: scopeList,
  optional_scope: scopeList,
  state: z.string().optional(),
  code_challenge: z.string().optional(),
});

/** The page on which a person installs the app. A fault of the app is told on the page; nobody is sent back. */
export function registerAuthorizationPage(app: FastifyInstance, accounts: HubSpotAccounts, consent: Consent): void {
  const open = async (request: FastifyRequest, reply: FastifyReply, account: string | undefined): Promise<FastifyReply> => {
    const query = read(authorizeSchema, request.query, (path) => pageRefusal(400, `Authorization failed because ${path} is missing or invalid.`));
    const portal = portalOf(accounts, query.client_id, account);
    if (!isRegistered(portal.app.redirectUris, query.redirect_uri)) {
      throw pageRefusal(400, `Authorization failed as the redirect URL '${query.redirect_uri}' doesn't match the app's registered redirect URL.`);
    }
    if (query.scope.length === 0 || [...query.scope, ...query.optional_scope].some((scope) => !knownScopes.includes(scope))) {
      throw pageRefusal(400, 'An invalid scope name was provided. Please contact the app developer.');
    }
    if (consent.answer.decision === 'deny') {
      const refused = { error: 'access_denied', error_description: 'The user denied the request.', state: query.state };
      return await reply.redirect(backTo(query.redirect_uri, refused), 302);
    }
    const granted = consent.grantedOf(query.scope);
    const lacking = query.scope.filter((scope) => !granted.includes(scope));
    if (lacking.length > 0) {
      throw pageRefusal(400, `Authorization failed because your account lacks access to the required scopes [${lacking.join(', ')}]`);
    }
    const grant = accounts.approve(portal, [...new Set(['oauth', ...granted, ...consent.grantedOf(query.optional_scope)])]);
    const code = accounts.codes.issue(grant, query.redirect_uri, query.code_challenge ?? null);
    return await reply.redirect(backTo(query.redirect_uri, { code, state: query.state }), 302);
  };

  app.get('/oauth/authorize', async (request, reply) => await open(request, reply, consent.answer.account));
  app.get<{ Params: { portalId: string } }>('/oauth/:portalId/authorize', async (request, reply) => await open(request, reply, request.params.portalId));
}

function portalOf(accounts: HubSpotAccounts, clientId: string, account: string | undefined): Portal {
  const portals = [...accounts.portals.values()].filter((portal) => portal.app.clientId === clientId);
  const portal = portals.find(({ portalId }) => account === undefined || String(portalId) === account);
  if (portal === undefined) throw pageRefusal(400, 'An invalid application client_id was provided. Please contact the app developer.');
  return portal;
}
