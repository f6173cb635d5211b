import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Grants } from './login/grants.ts';
import { domainOf } from './login/login-servers.ts';
import { countCall, type Org } from './orgs.ts';
import { invalidSession, noSuchResource } from './salesforce-refusals.ts';

/** The versions that this stand-in answers for, newest last. */
export const apiVersions = Array.from({ length: 28 }, (_, index) => 41 + index);

export interface VersionPath {
  Params: { version: string };
}
export interface TypePath {
  Params: { version: string; type: string };
}
export interface RecordPath {
  Params: { version: string; type: string; id: string };
}
export interface ExternalIdPath {
  Params: { version: string; type: string; field: string; value: string };
}

/** Marks the requests inside a composite one, which counts as one call. */
export const innerRequest = { name: 'x-composite-part', value: randomUUID() } as const;

/** Names whoever calls; change events repeat it. */
export const callOptionsHeader = 'sforce-call-options';

export type OrgOf = (request: FastifyRequest) => Org;

/** Lets only live sessions in, counts each call and says in a header how many of the day's are used. */
export function requireOrg(app: FastifyInstance, grants: Grants): OrgOf {
  const entered = new WeakMap<FastifyRequest, Org>();
  app.addHook<VersionPath>('preHandler', async (request, reply) => {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw invalidSession();
    const { org } = grants.use(token);
    const domain = domainOf(request);
    if (domain !== undefined && domain !== org.options.myDomain) throw invalidSession();
    entered.set(request, org);
    if (request.headers[innerRequest.name] !== innerRequest.value) countCall(org);
    reply.header('sforce-limit-info', `api-usage=${String(org.usedRequests)}/${String(org.options.dailyApiRequests)}`);
    versionOf(request.params.version);
  });
  return (request) => {
    const org = entered.get(request);
    if (org === undefined) throw invalidSession();
    org.changeEvents.client = /\bclient=([^,;\s]+)/.exec(String(request.headers[callOptionsHeader] ?? ''))?.[1];
    return org;
  };
}

/** The number in `v62.0`; throws 404 for a version that does not exist. */
export function versionOf(text: string): number {
  const number = Number(/^v(\d+)\.0$/.exec(text)?.[1]);
  if (!apiVersions.includes(number)) throw noSuchResource();
  return number;
}
