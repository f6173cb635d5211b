import { useQueryClient } from '@tanstack/react-query';
import { useCallback, type ReactElement } from 'react';
import { Answer } from '../../ui/answer.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { formatCount } from '../../ui/amounts.ts';
import { Nothing } from '../../ui/nothing.tsx';
import { ActPair } from './act-bar.tsx';
import type { Wish } from './acting.ts';
import { DeadLetterCells } from './dead-letter-cells.tsx';
import { keyOf, useDeadLetters, useLines, type Line, type LineKey } from './dead-letter-queries.ts';
import type { DeadLetterSearch } from './dead-letter-search.ts';
import { LongList } from './long-list.tsx';

interface TenantLettersProps {
  readonly search: DeadLetterSearch;
  readonly chosen: ReadonlyMap<LineKey, Line>;
  readonly onChoose: (line: Line, isChosen: boolean) => void;
  readonly onLook: (line: Line) => void;
  readonly onAct: (wish: Wish) => void;
  readonly barredBecause: string | undefined;
  readonly isPending: boolean;
}

/** A tenant's, one by one, and what can be done with those that are chosen or with all. Apart from the page around it, which is not drawn anew with each part that is read. */
export function TenantLetters({ search, chosen, onChoose, onLook, onAct, barredBecause, isPending }: TenantLettersProps): ReactElement {
  const queries = useQueryClient();
  const letters = useDeadLetters(search);
  const lines = useLines(letters.data);
  const { fetchNextPage } = letters;
  const readMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isNarrowed = Object.keys(search).length > 0;
  const shared = { onAct, isPending, barredBecause: barredBecause ?? barWhileAway(letters.error) };
  return (
    <Answer query={letters} what="dead letters">
      {() => (lines.length === 0 && lines.missing.length === 0 && !letters.hasNextPage
        ? <Nothing title="There is none.">{isNarrowed ? 'A choice above may leave all of them out.' : 'All that came in was worked off, and nothing is parked.'}</Nothing>
        : (
          <>
            <div className="acts above">
              {chosen.size > 0 && <ActPair {...shared} what={`chosen (${formatCount(chosen.size)})`} of={[...chosen.values()]} />}
              <ActPair {...shared} what={isNarrowed ? 'all that match' : 'all'} of={search} />
              <button type="button" onClick={() => void queries.resetQueries({ queryKey: ['dead-letters'] })}>Read anew</button>
            </div>
            <LongList label="Dead letters and parked work" lines={lines} keyOf={keyOf} hasMore={letters.hasNextPage} isReading={letters.isFetching} readMore={readMore}>
              {(line) => <DeadLetterCells line={line} isChosen={chosen.has(keyOf(line))} onChoose={onChoose} onLook={onLook} />}
            </LongList>
          </>
        ))}
    </Answer>
  );
}
