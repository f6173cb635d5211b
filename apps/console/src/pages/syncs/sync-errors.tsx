import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Loading } from '../../ui/loading.tsx';
import { saveFile } from '../../ui/save-file.ts';

/** Records that an account refuses, each with what to do; they are read when somebody looks. */
export function SyncErrors({ syncId, name }: { readonly syncId: string; readonly name: string }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Records that were refused</summary>
      {isOpen && <ErrorList syncId={syncId} name={name} />}
    </details>
  );
}

function ErrorList({ syncId, name }: { readonly syncId: string; readonly name: string }): ReactElement {
  const path = { id: syncId };
  const queries = useQueryClient();
  const bar = useBar('syncs:write');
  const errors = useInfiniteQuery({
    queryKey: ['syncs', syncId, 'errors'],
    queryFn: async ({ pageParam, signal }) => (await api.call('GET /v1/syncs/{id}/errors', { path, query: { limit: 50, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const retry = useMutation({ mutationFn: () => api.call('POST /v1/syncs/{id}/errors/retry', { path, body: {} }), onSuccess: () => queries.invalidateQueries({ queryKey: ['syncs', syncId] }) });
  const file = useMutation({ mutationFn: async () => saveFile(await api.download('GET /v1/syncs/{id}/errors.csv', { path }), `${name} errors.csv`) });
  if (errors.data === undefined) return errors.error === null ? <Loading what="records" /> : <Failed problem={errors.error} again={() => void errors.refetch()} />;
  const all = errors.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) return <p>None: every record was taken.</p>;
  return (
    <>
      <ul>
        {all.map(({ goldenId, connectionId, externalId, field, message, advice }) => (
          <li key={`${goldenId}/${connectionId}`}><strong>{externalId ?? goldenId}</strong>{field !== undefined && ` (${field})`}: {message} {advice}</li>
        ))}
      </ul>
      {(retry.error ?? file.error) !== null && <Failed problem={retry.error ?? file.error} />}
      <div className="acts">
        {errors.hasNextPage && <ActButton isPending={errors.isFetchingNextPage} onAct={() => void errors.fetchNextPage()}>Show more</ActButton>}
        <ActButton barredBecause={bar} isPending={retry.isPending} about={name} onAct={() => retry.mutate()}>Try all again</ActButton>
        <ActButton isPending={file.isPending} about={name} onAct={() => file.mutate()}>Save as CSV</ActButton>
      </div>
    </>
  );
}
