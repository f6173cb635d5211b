import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { InstallationFigures } from '../../api/generated/types.ts';
import { api } from '../../app/hub.ts';

/** Two looks, the newer one first: what happened in between is told by both. */
interface TwoLooks {
  readonly now: InstallationFigures;
  readonly before?: InstallationFigures;
}

const queryKey = ['operators', 'figures'];

/** How the services stand, looked at every ten seconds. */
export function useFigures(): UseQueryResult<TwoLooks> {
  const queries = useQueryClient();
  return useQuery({
    queryKey, refetchInterval: 10_000,
    queryFn: async ({ signal }): Promise<TwoLooks> => {
      const before = queries.getQueryData<TwoLooks>(queryKey)?.now;
      const { data: now } = await api.call('GET /v1/operators/figures', { signal });
      return before === undefined ? { now } : { now, before };
    },
  });
}
