import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../request-bodies.ts';
import { accessTokenLifetimeSeconds, type HubSpotAccounts, type HubSpotApp } from './hubspot-accounts.ts';
import { invalidInput, oauthRefusal } from './hubspot-refusals.ts';

const tokenRequestSchema = z.object({
  grant_type: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().default(''),
  code_verifier: z.string().optional(),
});

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  /** Only here: which portal the person chooses. Left out, it is the app's first one. */
  sandbox_portal: z.coerce.number().optional(),
});

/** Tokens for every published version of the endpoint, and the page that a person would agree on. */
export function registerOAuthRoutes(app: FastifyInstance, accounts: HubSpotAccounts): void {
  app.post<{ Params: { version: string } }>('/oauth/:version/token', async (request) => {
    const form = read(tokenRequestSchema, request.body ?? {}, invalidInput);
    const client = authenticate(accounts, form.client_id, form.client_secret);
    const grant = redeem(accounts, client, form);
    const answer = {
      token_type: 'bearer',
      refresh_token: grant.refreshToken,
      access_token: accounts.issueAccessToken(grant.portal),
      expires_in: accessTokenLifetimeSeconds,
    };
    if (request.params.version === 'v1') return answer;
    return { ...answer, hub_id: grant.portal.portalId, scopes: ['oauth'], token_use: 'access_token' };
  });

  app.get('/oauth/authorize', async (request, reply) => {
    const query = read(authorizeSchema, request.query, invalidInput);
    const portal = [...accounts.portals.values()].find(
      (candidate) =>
        candidate.app.clientId === query.client_id &&
        (query.sandbox_portal === undefined || candidate.portalId === query.sandbox_portal),
    );
    if (portal === undefined) throw oauthRefusal('BAD_CLIENT_ID');
    const back = new URL(query.redirect_uri);
    back.searchParams.set('code', accounts.issueCode(portal, query.redirect_uri, query.code_challenge ?? null));
    if (query.state !== undefined) back.searchParams.set('state', query.state);
    return await reply.redirect(back.href, 302);
  });
}

function authenticate(accounts: HubSpotAccounts, clientId: string, clientSecret: string): HubSpotApp {
  const client = accounts.apps.get(clientId);
  if (client === undefined) throw oauthRefusal('BAD_CLIENT_ID');
  if (client.clientSecret !== clientSecret) throw oauthRefusal('BAD_CLIENT_SECRET');
  return client;
}

function redeem(
  accounts: HubSpotAccounts,
  client: HubSpotApp,
  form: z.output<typeof tokenRequestSchema>,
): ReturnType<HubSpotAccounts['install']> {
  if (form.grant_type === 'refresh_token') return accounts.redeemRefreshToken(client, form.refresh_token);
  if (form.grant_type !== 'authorization_code') throw oauthRefusal('BAD_GRANT_TYPE');
  return accounts.redeemCode(client, form.code, form.redirect_uri, form.code_verifier);
}
