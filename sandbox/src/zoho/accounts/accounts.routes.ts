import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { accountsUrlOf, apiUrlOf, locations, type Location } from '../data-centres.ts';
import type { Org, ZohoOrgs } from '../zoho-orgs.ts';
import { invalidBody, invalidUrl, tokenRefusal } from '../zoho-refusals.ts';
import { accessTokenLifetimeSeconds, type Grant, type ZohoGrants } from './zoho-grants.ts';

const tokenSchema = z.object({
  grant_type: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  code: z.string().default(''),
  refresh_token: z.string().default(''),
  redirect_uri: z.string().default(''),
});

export interface LocationPath {
  Params: { location: string };
}

/** The data centre in an address; throws 404 for one that Zoho does not have. */
export function locationOf(request: FastifyRequest<LocationPath>): Location {
  const location = locations.find((known) => known === request.params.location);
  if (location === undefined) throw invalidUrl();
  return location;
}

/** Tokens of the accounts server of one data centre. Parameters come in the body or in the address. */
export function registerAccountsRoutes(app: FastifyInstance, orgs: ZohoOrgs, grants: ZohoGrants): void {
  app.get<LocationPath>('/accounts/:location/oauth/serverinfo', async (request) => ({
    result: 'success',
    locations: Object.fromEntries(locations.map((location) => [location, accountsUrlOf(request, location)])),
  }));

  app.post<LocationPath>('/accounts/:location/oauth/v2/token', async (request) => {
    const form = read(tokenSchema, parametersOf(request), invalidBody);
    const location = locationOf(request);
    const serves = (org: Org): boolean => org.options.location === location;
    authenticate([...orgs.byId.values()], form);
    const grant = redeem(grants, form, serves);
    const isExchange = form.grant_type === 'authorization_code';
    return {
      access_token: grants.issueAccessToken(grant),
      ...(isExchange && grant.isOffline && { refresh_token: grants.issueRefreshToken(grant) }),
      scope: grant.scopes.join(' '),
      api_domain: apiUrlOf(request, grant.org.options.location),
      token_type: 'Bearer',
      expires_in: accessTokenLifetimeSeconds,
    };
  });

  app.post<LocationPath>('/accounts/:location/oauth/v2/token/revoke', async (request) => {
    const { token } = read(z.object({ token: z.string().default('') }), parametersOf(request), invalidBody);
    if (!grants.revoke(token)) throw tokenRefusal('invalid_code');
    return { status: 'success' };
  });
}

function parametersOf(request: FastifyRequest): unknown {
  const [query, body] = [request.query, request.body].map((part) => (typeof part === 'object' && part !== null ? part : {}));
  return { ...query, ...body };
}

function authenticate(orgs: Org[], form: z.output<typeof tokenSchema>): void {
  const known = orgs.filter((org) => org.options.clientId === form.client_id);
  if (known.length === 0) throw tokenRefusal('invalid_client');
  if (!known.some((org) => org.options.clientSecret === form.client_secret)) throw tokenRefusal('invalid_client_secret');
}

function redeem(grants: ZohoGrants, form: z.output<typeof tokenSchema>, serves: (org: Org) => boolean): Grant {
  if (form.grant_type === 'refresh_token') return grants.redeemRefreshToken(form.refresh_token, serves);
  if (form.grant_type !== 'authorization_code') throw tokenRefusal('unsupported_grant_type');
  const grant = grants.codes.redeem(form.code, form.redirect_uri, undefined);
  if (!serves(grant.org)) throw tokenRefusal('invalid_code');
  return grant;
}
