import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DeadLetter, DeadLetterSummary, InstallationDeadLetterSummary } from '../../api/generated/types.ts';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { filterOf, type DeadLetterSearch } from './dead-letter-search.ts';

type Page = AnswerOf<'GET /v1/dead-letters'>;
export type Line = Page['items'][number];
/** Names a dead letter in all services. */
export type LineKey = `${Line['service']}/${string}`;

/** Long pages, since one scrolls through many thousands. */
const pageLength = 500;
/**
 * Lists are read anew when somebody asks: one of many thousands that changes under the reader's eyes helps nobody, and what was read is not compared with what was
 * there, which would take as long as the list is.
 */
const readOnce = { structuralSharing: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0 } as const;
const summaryEveryMs = 10_000;

export function keyOf({ service, id }: Pick<Line, 'service' | 'id'>): LineKey {
  return `${service}/${id}`;
}

/** How many there are, by what they are and why. */
export function useSummary(): UseQueryResult<DeadLetterSummary> {
  return useQuery({ queryKey: ['dead-letters', 'summary'], queryFn: async ({ signal }) => (await api.call('GET /v1/dead-letters/summary', { signal })).data, refetchInterval: summaryEveryMs });
}

/** Those that are looked for, oldest first, page after page. */
export function useDeadLetters(search: DeadLetterSearch): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ['dead-letters', 'list', search],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/dead-letters', { query: { ...filterOf(search, Date.now()), limit: pageLength, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...readOnce,
  });
}

type AllPage = AnswerOf<'GET /v1/operators/dead-letters'>;
export type LineOfTenant = AllPage['items'][number];

/** The same of all tenants, for operators. */
export function useAllDeadLetters(search: DeadLetterSearch): UseInfiniteQueryResult<InfiniteData<AllPage>> {
  return useInfiniteQuery({
    queryKey: ['dead-letters', 'list of all', search],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/operators/dead-letters', { query: { ...filterOf(search, Date.now()), limit: pageLength, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...readOnce,
  });
}

/** How many there are of all tenants, tenant by tenant. */
export function useSummaryOfAll(): UseQueryResult<InstallationDeadLetterSummary> {
  return useQuery({ queryKey: ['dead-letters', 'summary of all'], queryFn: async ({ signal }) => (await api.call('GET /v1/operators/dead-letters/summary', { signal })).data, refetchInterval: summaryEveryMs });
}

/** All lines that have been read. */
export interface ReadLines<Of> {
  readonly length: number;
  readonly at: (index: number) => Of | undefined;
  /** Services that did not answer when one of the pages was read: what they hold is missing. */
  readonly missing: readonly Line['service'][];
}

/** Looks into the pages as they are: to put them together anew with each page would take as long as the list is. */
export function useLines<Of>(data: InfiniteData<Pick<Page, 'unavailable'> & { readonly items: readonly Of[] }> | undefined): ReadLines<Of> {
  return useMemo(() => {
    const pages = data?.pages ?? [];
    const starts: number[] = [];
    let length = 0;
    for (const { items } of pages) {
      starts.push(length);
      length += items.length;
    }
    return {
      length,
      at: (index) => {
        const page = starts.findLastIndex((start) => start <= index);
        return pages[page]?.items[index - (starts[page] ?? 0)];
      },
      missing: [...new Set(pages.flatMap(({ unavailable }) => unavailable))],
    };
  }, [data]);
}

export function useDeadLetter({ service, id }: Pick<Line, 'service' | 'id'>): UseQueryResult<DeadLetter> {
  return useQuery({ queryKey: ['dead-letters', 'one', service, id], queryFn: async ({ signal }) => (await api.call('GET /v1/dead-letters/{service}/{id}', { path: { service, id }, signal })).data });
}

/** Takes from the list what is no longer there, without reading it all anew. */
export function useTakeOut(): (gone: ReadonlySet<LineKey>) => void {
  const queries = useQueryClient();
  return (gone) => {
    queries.setQueriesData<InfiniteData<Page>>({ queryKey: ['dead-letters', 'list'] }, (data) => data && {
      ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((line) => !gone.has(keyOf(line))) })),
    });
    void queries.invalidateQueries({ queryKey: ['dead-letters', 'summary'] });
  };
}
