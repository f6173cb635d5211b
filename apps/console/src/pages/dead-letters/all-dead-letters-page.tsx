import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { memo, useCallback, type ReactElement } from 'react';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { WhatAndWhy } from './dead-letter-cells.tsx';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { keyOf, useAllDeadLetters, useLines, useSummaryOfAll, type LineOfTenant } from './dead-letter-queries.ts';
import { deadLetterSearchOf, type DeadLetterSearch } from './dead-letter-search.ts';
import { LongList } from './long-list.tsx';
import { TenantLettersLink } from './tenant-letters-link.tsx';

/** What could not be worked off of all tenants, for operators to see where to look first. What is done about it is done for one tenant, in its pages. */
export function AllDeadLettersPage(): ReactElement {
  const search = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  return (
    <Page title="Dead letters">
      <DeadLetterGroups summary={useSummaryOfAll()} />
      <section aria-labelledby="letters">
        <h2 id="letters">One by one, oldest first</h2>
        <DeadLetterFilters key={search.kind ?? ''} search={search} onChange={(changed) => void navigate({ search: deadLetterSearchOf(changed) })} />
        <AllLetters search={search} />
      </section>
    </Page>
  );
}

/** Apart from the page around it, which is not drawn anew with each part that is read. */
function AllLetters({ search }: { readonly search: DeadLetterSearch }): ReactElement {
  const queries = useQueryClient();
  const letters = useAllDeadLetters(search);
  const lines = useLines<LineOfTenant>(letters.data);
  const { fetchNextPage } = letters;
  const readMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <Answer query={letters} what="dead letters">
      {() => (lines.length === 0 && lines.missing.length === 0 && !letters.hasNextPage
        ? <Nothing title="There is none.">{Object.keys(search).length > 0 ? 'A choice above may leave all of them out.' : 'All that came in was worked off, and nothing is parked.'}</Nothing>
        : (
          <>
            <div className="acts above"><button type="button" onClick={() => void queries.resetQueries({ queryKey: ['dead-letters'] })}>Read anew</button></div>
            <LongList label="Dead letters and parked work of all tenants" lines={lines} keyOf={keyOf} hasMore={letters.hasNextPage} isReading={letters.isFetching} readMore={readMore}>
              {(line) => <CellsOfTenant line={line} />}
            </LongList>
          </>
        ))}
    </Answer>
  );
}

const CellsOfTenant = memo(function CellsOfTenant({ line }: { readonly line: LineOfTenant }): ReactElement {
  return <><span role="cell" className="long-tenant"><TenantLettersLink of={line} /></span><WhatAndWhy line={line} /></>;
});
