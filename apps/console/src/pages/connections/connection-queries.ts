import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { readPages } from '../../api/read-pages.ts';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import type { ConnectionView } from './vendors.ts';

const everyMs = 15_000;

/** All of the tenant's connections, by the order of the hub. */
export function useConnections(): UseQueryResult<readonly ConnectionView[]> {
  return useQuery({
    queryKey: ['connections'],
    queryFn: ({ signal }) => readPages(async (cursor) => (await api.call('GET /v1/connections', { query: { limit: 200, cursor }, signal })).data),
    refetchInterval: everyMs,
  });
}

/** How a connection stands. */
export function useHealth(connectionId: string): UseQueryResult<AnswerOf<'GET /v1/connections/{id}/health'>> {
  return useQuery({
    queryKey: ['connections', connectionId, 'health'],
    queryFn: async ({ signal }) => (await api.call('GET /v1/connections/{id}/health', { path: { id: connectionId }, signal })).data,
    refetchInterval: everyMs,
  });
}
