import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { backTo } from '../authorization/authorization-page.ts';
import type { Consent } from '../authorization/consent.ts';
import { read } from '../request-bodies.ts';
import { accessTokenLifetimeSeconds, type CompanyTokens, type Grant, type PipedriveApp } from './company-tokens.ts';
import type { Company, PipedriveCompanies } from './pipedrive-companies.ts';
import { oauthRefusal } from './pipedrive-refusals.ts';

const tokenRequestSchema = z.object({
  grant_type: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().optional(),
});

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  state: z.string().optional(),
});

const refuse = (path: string): ReturnType<typeof oauthRefusal> => oauthRefusal('invalid_request', `Missing parameter: ${path}`);

/** The consent page, on which a person agrees at once, and the tokens behind it. */
export function registerOAuthRoutes(app: FastifyInstance, companies: PipedriveCompanies, consent: Consent): void {
  const { tokens } = companies;

  app.get('/oauth/authorize', async (request, reply) => {
    const query = read(authorizeSchema, request.query, refuse);
    const client = tokens.apps.get(query.client_id);
    if (client === undefined) throw oauthRefusal('invalid_client', 'Invalid client: client is invalid');
    if (client.redirectUri !== null && client.redirectUri !== query.redirect_uri) {
      throw oauthRefusal('invalid_request', 'Invalid request: redirect_uri is invalid');
    }
    const { decision, account } = consent.answer;
    const answer = decision === 'deny' ? { error: 'user_denied' } : { code: tokens.issueCode(companyOf(companies, account), client, query.redirect_uri) };
    return await reply.redirect(backTo(query.redirect_uri, { ...answer, state: query.state }), 302);
  });

  app.post('/oauth/token', async (request) => {
    const form = read(tokenRequestSchema, request.body ?? {}, refuse);
    if (form.grant_type === undefined) throw oauthRefusal('invalid_request', 'Missing parameter: grant_type');
    const grant = redeem(tokens, clientOf(tokens, request, form), form);
    return tokenAnswer(request, tokens, grant);
  });

  /** By RFC 7009 a token that is not known is answered as one that was revoked. */
  app.post('/oauth/revoke', async (request, reply) => {
    const form = read(tokenRequestSchema.extend({ token: z.string() }), request.body ?? {}, refuse);
    clientOf(tokens, request, form);
    tokens.revoke(form.token);
    return await reply.code(200).send({ success: true });
  });
}

function companyOf(companies: PipedriveCompanies, domain: string | undefined): Company {
  const company = domain === undefined ? [...companies.byDomain.values()][0] : companies.byDomain.get(domain);
  if (company === undefined) throw oauthRefusal('invalid_request', 'App cannot be installed for requested company');
  return company;
}

function redeem(tokens: CompanyTokens, client: PipedriveApp, form: z.output<typeof tokenRequestSchema>): Grant {
  if (form.grant_type === 'refresh_token') return tokens.redeemRefreshToken(client, form.refresh_token);
  if (form.grant_type !== 'authorization_code') throw oauthRefusal('unsupported_grant_type', 'Unsupported grant type: grant_type is invalid');
  if (form.redirect_uri === undefined || !URL.canParse(form.redirect_uri)) {
    throw oauthRefusal('invalid_request', 'Invalid request: redirect_uri is not a valid URI');
  }
  return tokens.redeemCode(client, form.code, form.redirect_uri);
}

/** The app proves itself by HTTP Basic, or, against advice, by fields of the form. */
function clientOf(tokens: CompanyTokens, request: FastifyRequest, form: { client_id?: string | undefined; client_secret?: string | undefined }): PipedriveApp {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, ...secretParts] = basic === undefined ? [form.client_id, form.client_secret] : Buffer.from(basic, 'base64').toString().split(':');
  const secret = secretParts.join(':');
  if (id === undefined || id === '' || secret === '') throw oauthRefusal('invalid_client', 'Invalid client: cannot retrieve client credentials');
  const client = tokens.apps.get(id);
  if (client === undefined || client.clientSecret !== secret) throw oauthRefusal('invalid_client', 'Invalid client: client is invalid');
  return client;
}

function tokenAnswer(request: FastifyRequest, tokens: CompanyTokens, grant: Grant): unknown {
  return {
    access_token: tokens.issueAccessToken(grant),
    token_type: 'Bearer',
    expires_in: accessTokenLifetimeSeconds,
    refresh_token: grant.refreshToken,
    scope: grant.app.scopes.join(','),
    api_domain: `${request.protocol}://${request.host}/pipedrive`,
  };
}
