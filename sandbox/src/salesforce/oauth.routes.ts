import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../request-bodies.ts';
import { signSalesforceToken } from '../webhooks/webhook-signatures.ts';
import type { Org, Orgs } from './orgs.ts';
import { invalidInput, oauthRefusal } from './salesforce-refusals.ts';

const tokenSchema = z.object({
  grant_type: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().default(''),
  code_verifier: z.string().optional(),
});

/** Tokens of the login server. There is no `expires_in`: a session lives as long as it is used. */
export function registerOAuthRoutes(app: FastifyInstance, orgs: Orgs): void {
  app.post('/services/oauth2/token', async (request) => {
    const form = read(tokenSchema, request.body ?? {}, invalidInput);
    const { org, refreshToken } = redeem(orgs, form);
    authenticate(org, form.client_id, form.client_secret);
    return tokenAnswer(request, orgs, org, refreshToken);
  });

  app.post('/services/oauth2/revoke', async (request, reply) => {
    const { token } = read(z.object({ token: z.string() }), request.body ?? {}, invalidInput);
    if (!orgs.revoke(token)) throw oauthRefusal('invalid_token', 'invalid token');
    return await reply.code(200).send('');
  });
}

function redeem(orgs: Orgs, form: z.output<typeof tokenSchema>): { org: Org; refreshToken: string | null } {
  if (form.grant_type === 'refresh_token') {
    const { org, next } = orgs.redeemRefreshToken(form.refresh_token);
    return { org, refreshToken: next };
  }
  if (form.grant_type !== 'authorization_code') throw oauthRefusal('unsupported_grant_type', 'grant type not supported');
  const org = orgs.redeemCode(form.code, form.redirect_uri, form.code_verifier);
  return { org, refreshToken: orgs.issueRefreshToken(org) };
}

function authenticate(org: Org, clientId: string, clientSecret: string): void {
  if (org.options.clientId !== clientId) throw oauthRefusal('invalid_client_id', 'client identifier invalid');
  const [known, given] = [Buffer.from(org.options.clientSecret), Buffer.from(clientSecret)];
  if (known.length !== given.length || !timingSafeEqual(known, given)) {
    throw oauthRefusal('invalid_client', 'invalid client credentials');
  }
}

function tokenAnswer(request: FastifyRequest, orgs: Orgs, org: Org, refreshToken: string | null): unknown {
  const base = `${request.protocol}://${request.host}/salesforce`;
  const id = `${base}/id/${org.orgId}/${org.userId}`;
  const issuedAt = String(Date.now());
  return {
    access_token: orgs.openSession(org),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    signature: signSalesforceToken(org.options.clientSecret, id, issuedAt),
    scope: 'api refresh_token',
    instance_url: base,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}
