import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { accessTokenLifetimeSeconds, type Grant, type HubSpotAccounts, type HubSpotApp } from '../hubspot-accounts.ts';
import { invalidInput, oauthRefusal } from '../hubspot-refusals.ts';

const clientSchema = z.object({ client_id: z.string().default(''), client_secret: z.string().default('') });
const tokenRequestSchema = clientSchema.extend({
  grant_type: z.string().default(''),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().default(''),
  code_verifier: z.string().optional(),
});
const tokenSchema = clientSchema.extend({ token: z.string().default('') });

/** Getting, asking about and giving back tokens, for every published version of the endpoints. */
export function registerTokenRoutes(app: FastifyInstance, accounts: HubSpotAccounts): void {
  app.post<{ Params: { version: string } }>('/oauth/:version/token', async (request) => {
    const form = read(tokenRequestSchema, request.body ?? {}, invalidInput);
    const client = authenticate(accounts, form);
    const grant = redeem(accounts, client, form);
    return {
      token_type: 'bearer',
      refresh_token: grant.refreshToken,
      access_token: accounts.issueAccessToken(grant),
      hub_id: grant.portal.portalId,
      scopes: grant.scopes,
      ...(request.params.version === 'v1' ? {} : { token_use: 'access_token' }),
      expires_in: accessTokenLifetimeSeconds,
    };
  });

  app.post('/oauth/:version/token/introspect', async (request) => {
    const form = read(tokenSchema, request.body ?? {}, invalidInput);
    const client = authenticate(accounts, form);
    const known = accounts.inspect(form.token);
    if (known === undefined || known.grant.app !== client) return { active: false };
    return { active: true, token_use: known.use, token: form.token, ...grantAnswer(known.grant), expires_in: known.expiresInSeconds, token_type: 'bearer' };
  });

  app.post('/oauth/:version/token/revoke', async (request, reply) => {
    const form = read(tokenSchema, request.body ?? {}, invalidInput);
    authenticate(accounts, form);
    if (!accounts.revoke(form.token)) throw oauthRefusal('BAD_REFRESH_TOKEN');
    return await reply.code(200).send('');
  });
}

const grantAnswer = ({ portal, app, scopes }: Grant): Record<string, unknown> => ({
  hub_id: portal.portalId,
  hub_domain: `portal-${String(portal.portalId)}.example`,
  user_id: 1,
  client_id: app.clientId,
  app_id: app.appId,
  scopes,
  is_private_distribution: false,
});

function authenticate(accounts: HubSpotAccounts, { client_id: clientId, client_secret: clientSecret }: z.output<typeof clientSchema>): HubSpotApp {
  const client = accounts.apps.get(clientId);
  if (client === undefined) throw oauthRefusal('BAD_CLIENT_ID');
  if (client.clientSecret !== clientSecret) throw oauthRefusal('BAD_CLIENT_SECRET');
  return client;
}

function redeem(accounts: HubSpotAccounts, client: HubSpotApp, form: z.output<typeof tokenRequestSchema>): Grant {
  if (form.grant_type === 'refresh_token') return accounts.redeemRefreshToken(client, form.refresh_token);
  if (form.grant_type !== 'authorization_code') throw oauthRefusal('BAD_GRANT_TYPE');
  return accounts.redeemCode(client, form.code, form.redirect_uri, form.code_verifier);
}
