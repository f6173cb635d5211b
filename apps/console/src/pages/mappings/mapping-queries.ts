import { keepPreviousData, useInfiniteQuery, useQuery, type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import type { Answer } from '../../api/api-client.ts';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { useRested } from '../../ui/rested.ts';
import type { Mapping, Rules } from './mapping-draft.ts';

/** A kind of record of an account. */
export interface MappingTarget {
  readonly id: string;
  readonly object: Mapping['object'];
}

export type AccountField = AnswerOf<'GET /v1/connections/{id}/schema/{object}'>['fields'][number];
type CheckedRules = AnswerOf<'POST /v1/connections/{id}/mappings/{object}/check'>;
export type Problem = CheckedRules['problems'][number];

const everyMs = 10_000;

export const mappingKey = ({ id, object }: MappingTarget): readonly string[] => ['mapping', id, object];

/** The mapping that holds, with its entity tag; looked at again and again, so that a change by somebody else is seen before saving. */
export function useMapping(target: MappingTarget): UseQueryResult<Answer<Mapping>> {
  return useQuery({
    queryKey: mappingKey(target), queryFn: ({ signal }) => api.call('GET /v1/connections/{id}/mappings/{object}', { path: target, signal }), refetchInterval: everyMs,
  });
}

type VersionPage = AnswerOf<'GET /v1/connections/{id}/mappings/{object}/versions'>;

/** The versions that were saved, the latest first, page by page. @param latest the one that was saved last, after which there are others to read */
export function useVersions({ id, object }: MappingTarget, latest: number): UseInfiniteQueryResult<InfiniteData<VersionPage>> {
  return useInfiniteQuery({
    queryKey: ['mapping-versions', id, object, latest],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/connections/{id}/mappings/{object}/versions', { path: { id, object }, query: { cursor }, signal })).data,
    initialPageParam: undefined as string | undefined, getNextPageParam: ({ nextCursor }) => nextCursor, placeholderData: keepPreviousData,
    // What a version says does not change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The fields that the account has now; the vendor is asked for them. */
export function useAccountFields({ id, object }: MappingTarget): UseQueryResult<readonly AccountField[]> {
  return useQuery({
    queryKey: ['account-fields', id, object],
    queryFn: async ({ signal }) => (await api.call('GET /v1/connections/{id}/schema/{object}', { path: { id, object }, signal })).data.fields,
    staleTime: 60_000,
  });
}

/** What the hub says of rules, asked once whoever changes them rests; until then what it said before. */
export function useCheck({ id, object }: MappingTarget, rules: Rules): UseQueryResult<CheckedRules> & { readonly isBehind: boolean } {
  const text = useRested(JSON.stringify(rules));
  const query = useQuery({
    queryKey: ['mapping-check', id, object, text],
    queryFn: async ({ signal }) => (await api.call('POST /v1/connections/{id}/mappings/{object}/check', { path: { id, object }, body: JSON.parse(text) as Rules, signal })).data,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return { ...query, isBehind: query.isPlaceholderData || text !== JSON.stringify(rules) };
}
