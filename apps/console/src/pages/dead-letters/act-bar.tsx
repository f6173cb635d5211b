import type { ReactElement } from 'react';
import { formatCount } from '../../ui/amounts.ts';
import type { Act, Tally, Wish } from './acting.ts';
import { ReasonedAct } from './reasoned-act.tsx';

interface ActPairProps {
  /** What is acted upon, as it stands in "Replay …". */
  readonly what: string;
  readonly about?: string;
  readonly of: Wish['of'];
  readonly onAct: (wish: Wish) => void;
  readonly barredBecause: string | undefined;
  readonly isPending: boolean;
}

const acts: ReadonlyArray<{ readonly act: Act; readonly name: string; readonly look: 'plain' | 'danger'; readonly follows: string }> = [
  { act: 'replay', name: 'Replay', look: 'plain', follows: 'Each is worked off again, oldest first. What fails again stays, with its new reason.' },
  { act: 'discard', name: 'Discard', look: 'danger', follows: 'Each is given up for good. This cannot be taken back.' },
];

/** Replay and discard of one thing or many; each asks once. */
export function ActPair({ what, about, of, onAct, barredBecause, isPending }: ActPairProps): ReactElement {
  return (
    <>
      {acts.map(({ act, name, look, follows }) => (
        <ReasonedAct key={act} name={`${name} ${what}`} question={`${name} ${what}?`} look={look} barredBecause={barredBecause} isPending={isPending} onAct={(reason) => onAct({ act, reason, of })} {...(about !== undefined && { about })}>
          <p>{follows}</p>
        </ReasonedAct>
      ))}
    </>
  );
}

/** What came of an act, also while it goes on. */
export function TallyLine({ tally: { done, failed, gone }, isPending, onStop }: { readonly tally: Tally; readonly isPending: boolean; readonly onStop: () => void }): ReactElement {
  const parts = [`${formatCount(done)} done`, ...(failed > 0 ? [`${formatCount(failed)} failed again and stay`] : []), ...(gone > 0 ? [`${formatCount(gone)} were gone already`] : [])];
  return <p role="status">{isPending ? 'Under way: ' : ''}{new Intl.ListFormat().format(parts)}. {isPending && <button type="button" onClick={onStop}>Stop</button>}</p>;
}
