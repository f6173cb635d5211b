import type { FastifyInstance, FastifyRequest } from 'fastify';
import { locationOf, type LocationPath } from './accounts/accounts.routes.ts';
import type { ZohoGrants } from './accounts/zoho-grants.ts';
import type { Org } from './zoho-orgs.ts';
import { invalidToken, scopeMismatch, tooManyRequests } from './zoho-refusals.ts';

export interface ModulePath {
  Params: { location: string; module: string };
}
export interface RecordPath {
  Params: { location: string; module: string; id: string };
}

export type OrgOf = (request: FastifyRequest) => Org;

/** Scopes that open an address; ALL of the same area opens it too. */
function scopesFor(method: string, path: string): string[] {
  const right = { GET: 'READ', POST: 'CREATE', DELETE: 'DELETE' }[method] ?? 'UPDATE';
  const [area, , kind] = path.split('/').slice(3);
  if (area === 'bulk') return ['ZohoCRM.bulk.ALL', kind === 'read' ? 'ZohoCRM.bulk.READ' : 'ZohoCRM.bulk.CREATE'];
  if (path.endsWith('/upload')) return ['ZohoFiles.files.ALL'];
  const [first = '', second = ''] = path.split('/').slice(4);
  const areas = first === 'settings' ? [`settings.${second}`, 'settings']
    : first === 'org' || first === 'users' ? [first]
    : first === 'coql' ? ['coql']
    : first === 'actions' ? ['notifications']
    : [`modules.${first.toLowerCase()}`, 'modules'];
  return areas.flatMap((area) => [`ZohoCRM.${area}.ALL`, `ZohoCRM.${area}.${first === 'coql' ? 'READ' : right}`, `ZohoCRM.${area}.${right === 'READ' ? 'READ' : 'WRITE'}`]);
}

/** Lets callers in whose token lives, has the scope and is of this data centre, and counts calls under way and credits. */
export function requireOrg(app: FastifyInstance, grants: ZohoGrants): OrgOf {
  const entered = new WeakMap<FastifyRequest, Org>();
  app.addHook<LocationPath>('preHandler', async (request) => {
    const token = /^Zoho-oauthtoken (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw invalidToken();
    const { org, scopes } = grants.use(token);
    if (org.options.location !== locationOf(request)) throw invalidToken();
    const path = new URL(request.url, 'http://zoho.example').pathname.replace(/^\/zoho\/apis/, '');
    if (!scopesFor(request.method, path).some((scope) => scopes.includes(scope))) throw scopeMismatch();
    if (org.options.concurrency !== null && org.callsUnderWay >= org.options.concurrency) throw tooManyRequests();
    entered.set(request, org);
    org.callsUnderWay += 1;
    const now = Date.now();
    for (let credit = 0; credit < creditsOf(request, path); credit += 1) {
      if (!org.credits.take(now).allowed && org.options.credits !== null) throw tooManyRequests();
    }
  });
  app.addHook('onResponse', async (request) => {
    const org = entered.get(request);
    if (org !== undefined) org.callsUnderWay -= 1;
  });
  return (request) => {
    const org = entered.get(request);
    if (org === undefined) throw invalidToken();
    return org;
  };
}

/** Writing costs one credit for each ten records or part of them; every other call costs one. */
function creditsOf(request: FastifyRequest, path: string): number {
  const isWrite = request.method === 'POST' || request.method === 'PUT';
  const body: unknown = request.body;
  if (!isWrite || path.endsWith('/coql') || typeof body !== 'object' || body === null || !('data' in body)) return 1;
  return Array.isArray(body.data) ? Math.max(1, Math.ceil(body.data.length / 10)) : 1;
}
