import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { backTo, isRegistered, pageRefusal } from '../../authorization/authorization-page.ts';
import type { Consent } from '../../authorization/consent.ts';
import { read } from '../../request-bodies.ts';
import type { VendorRefusal } from '../../vendor-refusal.ts';
import type { Orgs } from '../orgs.ts';
import type { Grants } from './grants.ts';
import type { LoginServer } from './login-servers.ts';

const knownScopes = ['api', 'web', 'full', 'id', 'profile', 'email', 'address', 'phone', 'openid', 'refresh_token', 'offline_access', 'chatter_api', 'custom_permissions', 'visualforce'];

const authorizeSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.url(),
  scope: z.string().default('api refresh_token').transform((text) => text.split(/[ +]/).filter((scope) => scope !== '')),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
});

/** The page on which a person lets the app into the org. A wrong app or address is told on the page, all else to the app. */
export function registerAuthorizationPage(app: FastifyInstance, orgs: Orgs, grants: Grants, consent: Consent, server: LoginServer): void {
  app.get('/services/oauth2/authorize', async (request, reply) => {
    const query = read(authorizeSchema, request.query, (path) => page('invalid_request', `missing or invalid parameter: ${path}`));
    const fitting = [...orgs.byId.values()].filter((org) => org.options.clientId === query.client_id && server.serves(org, request));
    const org = fitting.find(({ orgId }) => consent.answer.account === undefined || consent.answer.account === orgId);
    if (org === undefined) throw page('invalid_client_id', 'client identifier invalid');
    if (!isRegistered(org.options.redirectUris, query.redirect_uri)) throw page('redirect_uri_mismatch', 'redirect_uri must match configuration');
    const back = (answer: Record<string, string>): string => backTo(query.redirect_uri, { ...answer, state: query.state });
    if (query.scope.some((scope) => !knownScopes.includes(scope)) || consent.grantedOf(query.scope).length < query.scope.length) {
      return await reply.redirect(back({ error: 'invalid_scope', error_description: 'the requested scope is not allowed' }), 302);
    }
    if (consent.answer.decision === 'deny') {
      return await reply.redirect(back({ error: 'access_denied', error_description: 'end-user denied authorization' }), 302);
    }
    const code = grants.codes.issue({ org, scopes: query.scope }, query.redirect_uri, query.code_challenge ?? null);
    return await reply.redirect(back({ code }), 302);
  });
}

const page = (error: string, description: string): VendorRefusal => pageRefusal(400, `error=${error}&error_description=${encodeURIComponent(description)}`);
