import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { signSalesforceToken } from '../../webhooks/webhook-signatures.ts';
import type { Org } from '../orgs.ts';
import { invalidInput, oauthRefusal } from '../salesforce-refusals.ts';
import type { Grant, Grants } from './grants.ts';
import type { LoginServer } from './login-servers.ts';
import { identityUrlOf, instanceUrlOf, userNameOf } from './org-identity.ts';

const clientSchema = z.object({ client_id: z.string().default(''), client_secret: z.string().default('') });
const tokenSchema = clientSchema.extend({
  grant_type: z.string().default(''),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().default(''),
  code_verifier: z.string().optional(),
});

/** Tokens of one login server. There is no `expires_in`: a session lives as long as it is used. */
export function registerTokenRoutes(app: FastifyInstance, grants: Grants, server: LoginServer): void {
  app.post('/services/oauth2/token', async (request) => {
    const form = read(tokenSchema, request.body ?? {}, invalidInput);
    const { grant, refreshToken } = redeem(grants, form, (org) => server.serves(org, request));
    authenticate(grant.org, form);
    return tokenAnswer(request, grants, grant, refreshToken);
  });

  app.post('/services/oauth2/revoke', async (request, reply) => {
    const { token } = read(z.object({ token: z.string() }), request.body ?? {}, invalidInput);
    if (!grants.revoke(token)) throw oauthRefusal('invalid_token', 'invalid token');
    return await reply.code(200).send('');
  });

  app.post('/services/oauth2/introspect', async (request) => {
    const form = read(clientSchema.extend({ token: z.string().default('') }), request.body ?? {}, invalidInput);
    const known = grants.inspect(form.token);
    if (known === undefined) return { active: false };
    const { grant: { org, scopes }, issuedAtMs, expiresAtMs } = known;
    authenticate(org, form);
    return {
      active: true,
      scope: scopes.join(' '),
      client_id: org.options.clientId,
      username: userNameOf(org),
      sub: identityUrlOf(org, request),
      token_type: issuedAtMs === null ? 'refresh_token' : 'access_token',
      ...(issuedAtMs !== null && { iat: seconds(issuedAtMs), nbf: seconds(issuedAtMs) }),
      ...(expiresAtMs !== null && { exp: seconds(expiresAtMs) }),
    };
  });
}

const seconds = (atMs: number): number => Math.floor(atMs / 1_000);

/** Another login server knows nothing of the org, nor of its codes and tokens. */
function redeem(
  grants: Grants, form: z.output<typeof tokenSchema>, serves: (org: Org) => boolean,
): { grant: Grant; refreshToken: string | null } {
  if (form.grant_type === 'refresh_token') {
    const known = grants.inspect(form.refresh_token);
    if (known !== undefined && !serves(known.grant.org)) throw oauthRefusal('invalid_grant', 'expired access/refresh token');
    const { grant, next } = grants.redeemRefreshToken(form.refresh_token);
    return { grant, refreshToken: next };
  }
  if (form.grant_type !== 'authorization_code') throw oauthRefusal('unsupported_grant_type', 'grant type not supported');
  const grant = grants.codes.redeem(form.code, form.redirect_uri, form.code_verifier);
  if (!serves(grant.org)) throw oauthRefusal('invalid_grant', 'invalid authorization code');
  const lasting = grant.scopes.includes('refresh_token') || grant.scopes.includes('offline_access');
  return { grant, refreshToken: lasting ? grants.issueRefreshToken(grant) : null };
}

function authenticate(org: Org, { client_id: clientId, client_secret: clientSecret }: z.output<typeof clientSchema>): void {
  if (org.options.clientId !== clientId) throw oauthRefusal('invalid_client_id', 'client identifier invalid');
  const [known, given] = [Buffer.from(org.options.clientSecret), Buffer.from(clientSecret)];
  if (known.length !== given.length || !timingSafeEqual(known, given)) {
    throw oauthRefusal('invalid_client', 'invalid client credentials');
  }
}

function tokenAnswer(request: FastifyRequest, grants: Grants, grant: Grant, refreshToken: string | null): unknown {
  const id = identityUrlOf(grant.org, request);
  const issuedAt = String(Date.now());
  return {
    access_token: grants.openSession(grant),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    signature: signSalesforceToken(grant.org.options.clientSecret, id, issuedAt),
    scope: grant.scopes.join(' '),
    instance_url: instanceUrlOf(grant.org, request),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}
