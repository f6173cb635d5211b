import { useInfiniteQuery, useQuery, type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import type { Order, OrderStateMachine, OrderTimeline } from '../../api/generated/types.ts';
import { readFirstPages, type ReadPages } from '../../api/read-pages.ts';
import type { AnswerOf, RequestOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';

type Wanted = NonNullable<RequestOf<'GET /v1/orders'>['query']>;
export type OrderFilter = Pick<Wanted, 'externalId' | 'connectionId' | 'status'>;

const everyMs = 10_000;
/** Of a longer timeline the rest is read page by page under "Follow a record". */
const mostPages = 5;

/** Orders that a filter means, newest first, a page at a time. */
export function useOrders(filter: OrderFilter): UseInfiniteQueryResult<InfiniteData<AnswerOf<'GET /v1/orders'>>> {
  return useInfiniteQuery({
    queryKey: ['orders', filter],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/orders', { query: { ...filter, limit: 50, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: everyMs,
  });
}

export function useOrder(id: string): UseQueryResult<Order> {
  return useQuery({ queryKey: ['order', id], queryFn: async ({ signal }) => (await api.call('GET /v1/orders/{id}', { path: { id }, signal })).data, refetchInterval: everyMs });
}

/** What was decided about an order, oldest first: of a very long one the beginning. */
export function useTimeline(id: string): UseQueryResult<ReadPages<OrderTimeline['items'][number]>> {
  return useQuery({
    queryKey: ['order', id, 'timeline'],
    queryFn: ({ signal }) =>
      readFirstPages(async (cursor) => (await api.call('GET /v1/orders/{id}/timeline', { path: { id }, query: { limit: 200, cursor }, signal })).data, mostPages),
    refetchInterval: everyMs,
  });
}

/** How the tenant's orders move. */
export function useMachine(): UseQueryResult<OrderStateMachine> {
  return useQuery({ queryKey: ['state-machine'], queryFn: async ({ signal }) => (await api.call('GET /v1/orders/state-machine', { signal })).data, staleTime: 60_000 });
}
