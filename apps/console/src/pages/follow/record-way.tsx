import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ApiProblem } from '../../api/api-problem.ts';
import type { Lineage } from '../../api/generated/types.ts';
import { api } from '../../app/hub.ts';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { waitingOf } from './open-work.ts';
import { StepList } from './step-list.tsx';
import { WaitingList } from './waiting-list.tsx';

const whileWaitingMs = 3_000;
const otherwiseMs = 15_000;

/** A record's way, oldest first, and what it waits for; it is read again while the page is open, more often while something is under way. */
export function RecordWay({ record }: { readonly record: string }): ReactElement {
  const way = useInfiniteQuery({
    queryKey: ['lineage', record],
    queryFn: async ({ pageParam: cursor, signal }) => (await api.call('GET /v1/lineage', { query: { record, limit: 200, cursor }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state: { data } }) => (data?.pages.some(({ now }) => waitingOf(now).length > 0) === true ? whileWaitingMs : otherwiseMs),
  });
  if (way.data === undefined && way.error instanceof ApiProblem && (way.error.status === 404 || way.error.status === 422)) return <NotOne problem={way.error} />;
  return (
    <Answer query={way} what="the record's way">
      {({ pages }) => (
        <>
          <Standing pages={pages} />
          <StepList steps={pages.flatMap(({ items }) => items)} />
          {way.hasNextPage && <p><button type="button" disabled={way.isFetchingNextPage} onClick={() => void way.fetchNextPage()}>{way.isFetchingNextPage ? 'Loading …' : 'Show what came later'}</button></p>}
        </>
      )}
    </Answer>
  );
}

/** Nothing has the name, or several have it. */
function NotOne({ problem }: { readonly problem: ApiProblem }): ReactElement {
  if (problem.candidates.length === 0) {
    return <Nothing title={problem.message}>Look for a slip of the keyboard. Records of which nothing was heard for long are forgotten; an order stands under Orders all the same.</Nothing>;
  }
  return (
    <div className="nothing">
      <p><strong>Several records have this number. Which one is meant?</strong></p>
      <ul>{problem.candidates.map((record) => <li key={record}><Link to="/follow" search={{ record }}>{record}</Link></li>)}</ul>
    </div>
  );
}

function Standing({ pages }: { readonly pages: readonly Lineage[] }): ReactElement {
  // Each page says how things stood when it was read: the last one read is the newest.
  const latest = pages.at(-1);
  const unavailable = [...new Set(pages.flatMap((page) => page.unavailable))];
  return (
    <section aria-labelledby="now">
      <h2 id="now">{latest?.records.join(', ')}</h2>
      {unavailable.length > 0 && <p className="stale" role="status">{new Intl.ListFormat().format(unavailable)} {unavailable.length === 1 ? 'does' : 'do'} not answer at present: what is known there is missing here.</p>}
      {latest && <WaitingList now={latest.now} />}
    </section>
  );
}
