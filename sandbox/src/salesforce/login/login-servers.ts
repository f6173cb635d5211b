import type { FastifyRequest } from 'fastify';
import type { Org } from '../orgs.ts';

/** One of the addresses at which people of an org log in and apps get tokens. */
export interface LoginServer {
  /** Comes after `/salesforce`. */
  prefix: '' | '/test' | '/domains/:domain';
  serves(org: Org, request: FastifyRequest): boolean;
}

/** login.salesforce.com for production, test.salesforce.com for sandboxes, and each org's My Domain. */
export const loginServers: readonly LoginServer[] = [
  { prefix: '', serves: (org) => org.options.kind === 'production' },
  { prefix: '/test', serves: (org) => org.options.kind === 'sandbox' },
  { prefix: '/domains/:domain', serves: (org, request) => org.options.myDomain !== null && org.options.myDomain === domainOf(request) },
];

/** The org's own address in a request, where it is called by that. */
export function domainOf({ params }: FastifyRequest): string | undefined {
  return typeof params === 'object' && params !== null && 'domain' in params && typeof params.domain === 'string' ? params.domain : undefined;
}
