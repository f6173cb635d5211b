import { Dialog } from '@base-ui/react/dialog';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactElement, type SubmitEvent } from 'react';
import { Answer } from '../ui/answer.tsx';
import { Nothing } from '../ui/nothing.tsx';
import { useRested } from '../ui/rested.ts';
import { api } from './hub.ts';
import { consolePathOf } from './operated-tenant.ts';

const pageLength = 50;

/** Finds a tenant among however many there are. Its pages are gone to by loading the console anew, so that nothing of the one before is left. */
export function TenantSearch({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const wanted = useRested(typed.trim());
  const tenants = useInfiniteQuery({
    queryKey: ['operators', 'tenants', wanted],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/operators/tenants', { query: { limit: pageLength, cursor, search: wanted === '' ? undefined : wanted }, signal })).data,
    initialPageParam: undefined as string | undefined, getNextPageParam: ({ nextCursor }) => nextCursor, placeholderData: keepPreviousData,
  });
  const isBehind = tenants.isPlaceholderData || wanted !== typed.trim();
  const go = (event: SubmitEvent): void => {
    event.preventDefault();
    const [only, ...others] = tenants.data?.pages.flatMap(({ items }) => items) ?? [];
    if (only && others.length === 0 && !isBehind) location.assign(consolePathOf(only.id));
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => { if (!isOpen) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" initialFocus={input}>
          <Dialog.Title render={<h2 />}>Whose pages do you want to see?</Dialog.Title>
          <p><a href={consolePathOf(undefined)}>The installation</a>: all tenants together</p>
          <form role="search" className="fields" onSubmit={go}>
            <label>A part of the tenant’s name or slug, or its id <input ref={input} type="search" value={typed} maxLength={255} autoComplete="off" spellCheck={false} onChange={({ target }) => setTyped(target.value)} /></label>
          </form>
          <Answer query={tenants} what="tenants">
            {({ pages }) => {
              const found = pages.flatMap(({ items }) => items);
              if (found.length === 0) return <Nothing title={wanted === '' ? 'There is no tenant yet.' : 'No tenant is called so.'}>{wanted === '' ? 'Tenants are created by the interface.' : 'Try a shorter part of the name.'}</Nothing>;
              return (
                <>
                  <ul className="found" aria-label="Tenants" aria-busy={isBehind}>
                    {found.map(({ id, name, slug, state }) => <li key={id}><a href={consolePathOf(id)}>{name}</a> <span className="hint">{slug}{state !== 'active' && `, ${state}`}</span></li>)}
                  </ul>
                  {tenants.hasNextPage && <p><button type="button" aria-disabled={tenants.isFetchingNextPage} onClick={() => { if (!tenants.isFetchingNextPage) void tenants.fetchNextPage(); }}>Show more</button></p>}
                </>
              );
            }}
          </Answer>
          <div className="acts"><Dialog.Close>Close</Dialog.Close></div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
