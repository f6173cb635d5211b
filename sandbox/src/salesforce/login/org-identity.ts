import type { FastifyRequest } from 'fastify';
import type { Org } from '../orgs.ts';

/** Where the org's interface is called: its My Domain, where it has one. */
export function instanceUrlOf(org: Org, request: FastifyRequest): string {
  const base = `${request.protocol}://${request.host}/salesforce`;
  return org.options.myDomain === null ? base : `${base}/domains/${org.options.myDomain}`;
}

/** Who a token stands for. Its host is the login server's, of production or of sandboxes. */
export function identityUrlOf(org: Org, request: FastifyRequest): string {
  const login = org.options.kind === 'sandbox' ? '/test' : '';
  return `${request.protocol}://${request.host}/salesforce${login}/id/${org.orgId}/${org.userId}`;
}

export const userNameOf = (org: Org): string => `admin@${org.orgId.toLowerCase()}.example`;
