import { useQuery } from '@tanstack/react-query';
import type { AnswerOf } from '../api/route-types.ts';
import { api } from './hub.ts';

export type CallerView = AnswerOf<'GET /v1/caller'>;

/** Who is signed on, of which tenant, and what they may; undefined until it is known. */
export function useCaller(): CallerView | undefined {
  return useQuery({ queryKey: ['caller'], queryFn: async ({ signal }) => (await api.call('GET /v1/caller', { signal })).data, staleTime: 60_000 }).data;
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
