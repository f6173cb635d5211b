import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { backTo, isRegistered, pageRefusal } from '../authorization/authorization-page.ts';
import type { Consent } from '../authorization/consent.ts';
import { read } from '../request-bodies.ts';
import type { ShippoAccounts } from './shippo-accounts.ts';
import { invalidField, oauthRefusal } from './shippo-refusals.ts';

const authorizeSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  scope: z.literal('*'),
  redirect_uri: z.url().optional(),
  state: z.string().optional(),
});

const tokenSchema = z.object({
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  code: z.string().default(''),
  grant_type: z.string().default(''),
  redirect_uri: z.string().optional(),
});

/** How a platform gets a token for somebody's account: the page, and the exchange of its code. */
export function registerOAuthRoutes(app: FastifyInstance, accounts: ShippoAccounts, consent: Consent): void {
  app.get('/oauth/authorize', async (request, reply) => {
    const query = read(authorizeSchema, request.query, (path) => pageRefusal(400, `${path} is missing or invalid.`));
    const fitting = [...accounts.byName.values()].filter(({ platform }) => platform.clientId === query.client_id);
    const account = fitting.find(({ account: name }) => consent.answer.account === undefined || consent.answer.account === name);
    if (account === undefined) throw pageRefusal(400, 'The client_id is not known.');
    const redirectUri = query.redirect_uri ?? account.platform.redirectUris?.[0];
    if (redirectUri === undefined || !isRegistered(account.platform.redirectUris, redirectUri)) {
      throw pageRefusal(400, 'The redirect_uri is not the one that was registered.');
    }
    const answer = consent.answer.decision === 'deny' ? { error: 'access_denied' } : { code: accounts.codes.issue(account, redirectUri, null) };
    return await reply.redirect(backTo(redirectUri, { ...answer, state: query.state }), 302);
  });

  app.post('/oauth/access_token', async (request) => {
    const form = read(tokenSchema, request.body ?? {}, invalidField);
    if (form.grant_type !== 'authorization_code') throw oauthRefusal('unsupported_grant_type');
    const account = accounts.codes.redeem(form.code, form.redirect_uri ?? null, undefined);
    const { clientId, clientSecret } = account.platform;
    if (clientId !== form.client_id || clientSecret !== form.client_secret) throw oauthRefusal('invalid_client');
    return { access_token: accounts.issueOAuthToken(account), token_type: 'bearer', scope: '*' };
  });
}
