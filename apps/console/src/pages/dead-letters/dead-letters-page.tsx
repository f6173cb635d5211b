import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState, type ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { Answer } from '../../ui/answer.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { formatCount } from '../../ui/amounts.ts';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { ActPair, TallyLine } from './act-bar.tsx';
import { useActing } from './acting.ts';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { DeadLetterInside } from './dead-letter-inside.tsx';
import { DeadLetterList } from './dead-letter-list.tsx';
import { keyOf, useDeadLetters, useLines, useSummary, type Line, type LineKey } from './dead-letter-queries.ts';
import { deadLetterSearchOf } from './dead-letter-search.ts';

/** What could not be worked off and what is parked: by what it is and why, one by one, with what can be done. What is looked for stands in the page's address. */
export function DeadLettersPage(): ReactElement {
  const search = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  const queries = useQueryClient();
  const summary = useSummary();
  const letters = useDeadLetters(search);
  const lines = useLines(letters.data);
  const [chosen, setChosen] = useState<ReadonlyMap<LineKey, Line>>(new Map());
  const [inside, setInside] = useState<Line>();
  const bar = useBar('dead-letters:write');
  const acting = useActing(summary.data?.groups ?? [], ({ of }) => {
    setInside(undefined);
    if ('length' in of) setChosen((before) => new Map([...before].filter(([key]) => !of.some((line) => keyOf(line) === key))));
    else void queries.resetQueries({ queryKey: ['dead-letters', 'list'] });
  });
  const choose = useCallback((line: Line, isChosen: boolean) => setChosen((before) => {
    const after = new Map(before);
    if (isChosen) after.set(keyOf(line), line);
    else after.delete(keyOf(line));
    return after;
  }), []);
  const { fetchNextPage } = letters;
  const readMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const barredBecause = bar ?? barWhileAway(summary.error ?? letters.error);
  const { mutate, isPending, tally, error, stop } = acting;
  const isNarrowed = Object.keys(search).length > 0;

  return (
    <Page title="Dead letters">
      <DeadLetterGroups summary={summary} />
      <section aria-labelledby="letters">
        <h2 id="letters">One by one, oldest first</h2>
        <DeadLetterFilters key={search.kind ?? ''} search={search} onChange={(changed) => { setChosen(new Map()); void navigate({ search: deadLetterSearchOf(changed) }); }} />
        {(isPending || acting.isSuccess || error !== null) && <TallyLine tally={tally} isPending={isPending} onStop={stop} />}
        {error !== null && <Failed problem={error} />}
        <Answer query={letters} what="dead letters">
          {() => (lines.length === 0 && !letters.hasNextPage
            ? <Nothing title="There is none.">{isNarrowed ? 'A choice above may leave all of them out.' : 'All that came in was worked off, and nothing is parked.'}</Nothing>
            : (
              <>
                <div className="acts above">
                  {chosen.size > 0 && <ActPair what={`chosen (${formatCount(chosen.size)})`} of={[...chosen.values()]} onAct={mutate} barredBecause={barredBecause} isPending={isPending} />}
                  <ActPair what={isNarrowed ? 'all that match' : 'all'} of={search} onAct={mutate} barredBecause={barredBecause} isPending={isPending} />
                  <button type="button" onClick={() => void queries.resetQueries({ queryKey: ['dead-letters'] })}>Read anew</button>
                </div>
                <DeadLetterList lines={lines} hasMore={letters.hasNextPage} isReading={letters.isFetching} readMore={readMore} chosen={chosen} onChoose={choose} onLook={setInside} />
              </>
            ))}
        </Answer>
      </section>
      {inside && (
        <DeadLetterInside line={inside} onClose={() => setInside(undefined)}>
          <ActPair what="it" of={[inside]} onAct={mutate} barredBecause={barredBecause} isPending={isPending} />
        </DeadLetterInside>
      )}
    </Page>
  );
}
