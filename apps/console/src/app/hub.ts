import { QueryClient } from '@tanstack/react-query';
import { ApiClient } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { Session } from '../session/session.ts';
import { signedFetch } from '../session/signed-fetch.ts';
import { operatedTenantOf } from './operated-tenant.ts';

/** Who is in front of the page. */
export const session = new Session();

/** The tenant that an operator looks at: it stands in the page's address, and is another one only when the page is loaded anew. */
export const operatedTenant = operatedTenantOf(location.pathname);

/** The gateway's interface, called as that person. */
export const api = new ApiClient({ fetch: signedFetch(session, operatedTenant) });

/**
 * What was read of the hub, for as long as the page is open. A refusal is final; what is away is asked for again twice. What was read before stays on the page
 * meanwhile, marked with its age.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, problem) => failures < 2 && !(problem instanceof ApiProblem && problem.status >= 400 && problem.status < 500),
      // Whether the network is there is found out by asking.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
