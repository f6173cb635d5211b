import { memo, type ReactElement } from 'react';
import { Moment } from '../../ui/moment.tsx';
import type { Line } from './dead-letter-queries.ts';
import { reasonName, titleOf } from './dead-letter-words.ts';

interface DeadLetterCellsProps {
  readonly line: Line;
  readonly isChosen: boolean;
  readonly onChoose: (line: Line, isChosen: boolean) => void;
  readonly onLook: (line: Line) => void;
}

/** One of a tenant's, to be chosen or looked into. */
export const DeadLetterCells = memo(function DeadLetterCells({ line, isChosen, onChoose, onLook }: DeadLetterCellsProps): ReactElement {
  const title = titleOf(line);
  return (
    <>
      <span role="cell"><input type="checkbox" aria-label={`Choose ${title}`} checked={isChosen} onChange={({ target }) => onChoose(line, target.checked)} /></span>
      <WhatAndWhy line={line} />
      <span role="cell"><button type="button" onClick={() => onLook(line)}>Look inside<span className="unseen"> {title}</span></button></span>
    </>
  );
});

/** What it is and where, and why it died or rests. */
export function WhatAndWhy({ line }: { readonly line: Line }): ReactElement {
  return (
    <>
      <span role="cell" className="long-text"><strong>{titleOf(line)}</strong><span className="hint">{line.service}, <Moment at={line.at} /></span></span>
      <span role="cell" className="long-text"><span className={line.state === 'parked' ? 'state warn' : 'state bad'}>{reasonName(line.reason)}</span><span className="hint">{line.error}</span></span>
    </>
  );
}
