import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { backTo } from '../../authorization/authorization-page.ts';
import type { Consent } from '../../authorization/consent.ts';
import { read } from '../../request-bodies.ts';
import { entraRefusal } from '../dynamics-refusals.ts';
import type { Environment, Environments } from '../environments.ts';
import { accessTokenLifetimeSeconds, type EntraApp, type EntraTokens } from './entra-tokens.ts';

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  response_type: z.literal('code'),
  scope: z.string(),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal('S256').optional(),
});

const tokenSchema = z.object({
  grant_type: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  scope: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().default(''),
  code_verifier: z.string().optional(),
  refresh_token: z.string().default(''),
});
type TokenRequest = z.output<typeof tokenSchema>;

interface TenantPath {
  Params: { tenant: string };
}

const missing = (path: string): ReturnType<typeof entraRefusal> =>
  entraRefusal(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${path}'.`);

/** Microsoft Entra's consent page, on which a person agrees at once, and its token endpoint. */
export function registerEntraRoutes(app: FastifyInstance, environments: Environments, consent: Consent): void {
  const { tokens } = environments;

  app.get<TenantPath>('/:tenant/oauth2/v2.0/authorize', async (request, reply) => {
    const query = read(authorizeSchema, request.query, missing);
    const client = tokens.apps.get(query.client_id);
    if (client === undefined) throw entraRefusal(400, 'unauthorized_client', 700016, `Application with identifier '${query.client_id}' was not found in the directory.`);
    if (client.redirectUri !== null && client.redirectUri !== query.redirect_uri) {
      throw entraRefusal(400, 'invalid_request', 50011, 'The redirect URI specified in the request does not match the redirect URIs configured for the application.');
    }
    const environment = environmentFor(environments, query.scope, request.params.tenant);
    const answer = consent.answer.decision === 'deny'
      ? { error: 'access_denied', error_description: 'AADSTS65004: User declined to consent to access the app.' }
      : { code: tokens.issueCode({ environment, app: client }, query.redirect_uri, query.code_challenge ?? null) };
    return await reply.redirect(backTo(query.redirect_uri, { ...answer, state: query.state }), 302);
  });

  app.post<TenantPath>('/:tenant/oauth2/v2.0/token', async (request) => {
    const form = read(tokenSchema, request.body ?? {}, missing);
    const client = clientOf(tokens, form);
    if (form.grant_type === 'client_credentials') {
      const environment = environmentFor(environments, form.scope, request.params.tenant);
      if (!environment.options.hasApplicationUser || !environment.apps.has(client.clientId)) throw entraRefusal(400, 'unauthorized_client', 700016, 'The application was not found in the directory.');
      return { token_type: 'Bearer', expires_in: accessTokenLifetimeSeconds, ext_expires_in: accessTokenLifetimeSeconds, access_token: tokens.issueAccessToken({ environment, app: client }) };
    }
    const { environment } = redeem(tokens, client, form);
    const grant = { environment, app: client };
    return {
      token_type: 'Bearer', scope: `${environment.url}/user_impersonation ${environment.url}/.default`, expires_in: accessTokenLifetimeSeconds,
      ext_expires_in: accessTokenLifetimeSeconds, access_token: tokens.issueAccessToken(grant), refresh_token: tokens.issueRefreshToken(grant),
    };
  });
}

function redeem(tokens: EntraTokens, client: EntraApp, form: TokenRequest): { environment: Environment } {
  if (form.grant_type === 'refresh_token') return tokens.redeemRefreshToken(client, form.refresh_token);
  if (form.grant_type === 'authorization_code') return tokens.redeemCode(client, form.code, form.redirect_uri, form.code_verifier);
  throw entraRefusal(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${form.grant_type}'.`);
}

function clientOf(tokens: EntraTokens, { client_id: id, client_secret: secret }: TokenRequest): EntraApp {
  const client = tokens.apps.get(id);
  if (client === undefined) throw entraRefusal(400, 'unauthorized_client', 700016, `Application with identifier '${id}' was not found in the directory.`);
  if (client.clientSecret !== secret) throw entraRefusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  return client;
}

/** The scope names the environment, the address the directory it must be in. */
function environmentFor(environments: Environments, scope: string, tenant: string): Environment {
  const address = scope.split(' ').find((part) => part.endsWith('/.default') || part.endsWith('/user_impersonation'))?.replace(/\/(\.default|user_impersonation)$/, '');
  const environment = [...environments.byOrg.values()].find(({ url }) => url === address);
  if (environment === undefined) throw entraRefusal(400, 'invalid_resource', 500011, `The resource principal named ${address ?? scope} was not found in the tenant.`);
  if (!['common', 'organizations', environment.tenantId].includes(tenant)) {
    throw entraRefusal(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
  }
  return environment;
}
