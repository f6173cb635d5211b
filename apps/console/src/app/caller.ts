import { useQuery } from '@tanstack/react-query';
import { api, operatedTenant, session } from './hub.ts';

/** Who is signed on, and what they may. */
interface CallerView {
  readonly scopes: readonly string[];
  /** Whose pages are shown; absent for an operator who looks at no tenant. */
  readonly tenant?: { readonly id: string; readonly name?: string };
}

/** Who is signed on, of which tenant, and what they may; undefined until it is known. */
export function useCaller(): CallerView | undefined {
  const looksAtTenant = !session.isOperators || operatedTenant !== undefined;
  return useQuery({
    queryKey: ['caller'], staleTime: 60_000,
    queryFn: async ({ signal }): Promise<CallerView> => (looksAtTenant ? (await api.call('GET /v1/caller', { signal })).data : (await api.call('GET /v1/operators/caller', { signal })).data),
  }).data;
}

/**
 * Why somebody may not do what takes a scope, as a sentence for people; undefined where they may. While it is not known who they are nobody may anything: the hub
 * decides in any case, this only says so beforehand.
 */
export function useBar(scope: string): string | undefined {
  const caller = useCaller();
  if (!caller) return 'It is not known yet what you may do.';
  return caller.scopes.includes(scope) ? undefined : 'Your role does not allow this. Ask an administrator of your tenant.';
}
