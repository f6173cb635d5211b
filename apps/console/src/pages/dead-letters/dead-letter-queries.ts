import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DeadLetter, DeadLetterSummary } from '../../api/generated/types.ts';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { filterOf, type DeadLetterSearch } from './dead-letter-search.ts';

type Page = AnswerOf<'GET /v1/dead-letters'>;
export type Line = Page['items'][number];
/** Names a dead letter in all services. */
export type LineKey = `${Line['service']}/${string}`;

/** Long pages, since one scrolls through many thousands. */
const pageLength = 500;
const summaryEveryMs = 10_000;

export function keyOf({ service, id }: Pick<Line, 'service' | 'id'>): LineKey {
  return `${service}/${id}`;
}

/** How many there are, by what they are and why. */
export function useSummary(): UseQueryResult<DeadLetterSummary> {
  return useQuery({ queryKey: ['dead-letters', 'summary'], queryFn: async ({ signal }) => (await api.call('GET /v1/dead-letters/summary', { signal })).data, refetchInterval: summaryEveryMs });
}

/**
 * Those that are looked for, oldest first, page after page. They are read anew when somebody asks: a list of many thousands that changes under the reader's eyes helps
 * nobody, and what was read is not compared with what was there, which would take as long as the list is.
 */
export function useDeadLetters(search: DeadLetterSearch): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ['dead-letters', 'list', search],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/dead-letters', { query: { ...filterOf(search, Date.now()), limit: pageLength, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    structuralSharing: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
  });
}

/** All lines that have been read. */
export interface Lines {
  readonly length: number;
  readonly at: (index: number) => Line | undefined;
}

/** Looks into the pages as they are: to put them together anew with each page would take as long as the list is. */
export function useLines(data: InfiniteData<Page> | undefined): Lines {
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
