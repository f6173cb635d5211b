import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf } from '../api/route-types.ts';
import { api } from '../app/hub.ts';

/** The tenant's newest jobs in all services; while one runs they are looked at more often. */
export function useJobs(): UseQueryResult<AnswerOf<'GET /v1/jobs'>> {
  return useQuery({
    queryKey: ['jobs'],
    queryFn: async ({ signal }) => (await api.call('GET /v1/jobs', { query: { limit: 100 }, signal })).data,
    refetchInterval: ({ state: { data } }) => (data?.items.some(({ endedAt }) => endedAt === undefined) === true ? 3_000 : 15_000),
  });
}
