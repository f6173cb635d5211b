import { useInfiniteQuery, useQuery, type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { modelsOf, periodOfMonth, type DealModel, type ReportSearch } from './report-search.ts';

export type Report = AnswerOf<'GET /v1/attribution/report'>;
export type ReportRow = Report['rows'][number];

const everyMs = 15_000;

/** What the report is asked by, as the interface takes it. */
export function reportQueryOf(search: ReportSearch): { readonly by: NonNullable<ReportSearch['by']>; readonly models: string; readonly from: string | undefined; readonly to: string | undefined } {
  return { by: search.by ?? 'channel', models: modelsOf(search).join(','), from: search.from, to: search.to };
}

/** Revenue by models side by side, a page at a time. */
export function useReport(search: ReportSearch): UseInfiniteQueryResult<InfiniteData<Report>> {
  const wanted = reportQueryOf(search);
  return useInfiniteQuery({
    queryKey: ['attribution', 'report', wanted],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/attribution/report', { query: { ...wanted, limit: 100, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: everyMs,
  });
}

/** The won deals behind a number, newest close first. Those of a month are all that were won in it, whole. */
export function useCreditedDeals({ by = 'channel', key, from, to }: ReportSearch, model: DealModel): UseInfiniteQueryResult<InfiniteData<AnswerOf<'GET /v1/attribution/credited-deals'>>> {
  const wanted = by === 'month' ? periodOfMonth(key ?? '', { from, to }) : { by, key, from, to };
  return useInfiniteQuery({
    queryKey: ['attribution', 'deals', wanted, model],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/attribution/credited-deals', { query: { ...wanted, model, limit: 50, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** The journey to a deal, with what each touch is credited with. */
export function useJourney(dealId: string, model: DealModel): UseQueryResult<AnswerOf<'GET /v1/attribution/deals/{dealId}'>> {
  return useQuery({
    queryKey: ['attribution', 'deal', dealId, model],
    queryFn: async ({ signal }) => (await api.call('GET /v1/attribution/deals/{dealId}', { path: { dealId }, query: { model }, signal })).data,
  });
}
