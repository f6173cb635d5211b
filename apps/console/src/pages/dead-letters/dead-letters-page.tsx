import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState, type ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { operatedTenant, session } from '../../app/hub.ts';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { Page } from '../../ui/page.tsx';
import { ActPair, TallyLine } from './act-bar.tsx';
import { useActing } from './acting.ts';
import { AllDeadLettersPage } from './all-dead-letters-page.tsx';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { DeadLetterInside } from './dead-letter-inside.tsx';
import { keyOf, useSummary, type Line, type LineKey } from './dead-letter-queries.ts';
import { deadLetterSearchOf } from './dead-letter-search.ts';
import { TenantLetters } from './tenant-letters.tsx';

/** Operators who look at no tenant see where there are any; all others a tenant's. */
export function DeadLettersPage(): ReactElement {
  return session.isOperators && operatedTenant === undefined ? <AllDeadLettersPage /> : <TenantDeadLettersPage />;
}

/** What could not be worked off and what is parked: by what it is and why, one by one, with what can be done. What is looked for stands in the page's address. */
function TenantDeadLettersPage(): ReactElement {
  const search = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  const queries = useQueryClient();
  const summary = useSummary();
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
  const barredBecause = bar ?? barWhileAway(summary.error);
  const { mutate, isPending, tally, error, stop } = acting;

  return (
    <Page title="Dead letters">
      <DeadLetterGroups summary={summary} />
      <section aria-labelledby="letters">
        <h2 id="letters">One by one, oldest first</h2>
        <DeadLetterFilters key={search.kind ?? ''} search={search} onChange={(changed) => { setChosen(new Map()); void navigate({ search: deadLetterSearchOf(changed) }); }} />
        {(isPending || acting.isSuccess || error !== null) && <TallyLine tally={tally} isPending={isPending} onStop={stop} />}
        {error !== null && <Failed problem={error} />}
        <TenantLetters search={search} chosen={chosen} onChoose={choose} onLook={setInside} onAct={mutate} barredBecause={barredBecause} isPending={isPending} />
      </section>
      {inside && (
        <DeadLetterInside line={inside} onClose={() => setInside(undefined)}>
          <ActPair what="it" of={[inside]} onAct={mutate} barredBecause={barredBecause} isPending={isPending} />
        </DeadLetterInside>
      )}
    </Page>
  );
}
