import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactElement } from 'react';
import { formatCount } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { keyOf, type Line, type LineKey, type Lines } from './dead-letter-queries.ts';
import { reasonName, whatItIs } from './dead-letter-words.ts';

/** Every row has this height, so that a hundred thousand of them need not be measured. */
const rowHeightPx = 76;
const rowsBeyond = 10;
/** So many rows before the end of what was read the next page is asked for. */
const rowsAhead = 250;

interface DeadLetterListProps {
  readonly lines: Lines;
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly readMore: () => void;
  readonly chosen: { readonly has: (key: LineKey) => boolean };
  readonly onChoose: (line: Line, isChosen: boolean) => void;
  readonly onLook: (line: Line) => void;
}

/** A list of which only what is in sight stands in the page. */
export function DeadLetterList({ lines, hasMore, isReading, readMore, chosen, onChoose, onLook }: DeadLetterListProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is kept from one rendering to the next
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => frame.current, estimateSize: () => rowHeightPx, overscan: rowsBeyond });
  const shown = rows.getVirtualItems();
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= lines.length - rowsAhead;
  useEffect(() => {
    if (hasMore && isNearEnd && !isReading) readMore();
  }, [hasMore, isNearEnd, isReading, readMore]);
  return (
    <>
      <div className="long-list" ref={frame} role="group" aria-label="Dead letters and parked work" tabIndex={0}>
        <div role="table" aria-label="Dead letters and parked work, oldest first" aria-rowcount={hasMore ? -1 : lines.length} style={{ blockSize: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const line = lines.at(index);
            return line && <DeadLetterRow key={keyOf(line)} line={line} index={index} startPx={start} isChosen={chosen.has(keyOf(line))} onChoose={onChoose} onLook={onLook} />;
          })}
        </div>
      </div>
      <p className="hint" role="status">{formatCount(lines.length)} read{hasMore ? '; more come as you scroll.' : ', which are all.'}</p>
    </>
  );
}

interface DeadLetterRowProps extends Pick<DeadLetterListProps, 'onChoose' | 'onLook'> {
  readonly line: Line;
  readonly index: number;
  readonly startPx: number;
  readonly isChosen: boolean;
}

function DeadLetterRow({ line, index, startPx, isChosen, onChoose, onLook }: DeadLetterRowProps): ReactElement {
  const name = `${whatItIs(line)}${line.record === null ? '' : `, ${line.record}`}`;
  return (
    <div role="row" aria-rowindex={index + 1} className="long-row" style={{ blockSize: rowHeightPx, transform: `translateY(${startPx}px)` }}>
      <span role="cell"><input type="checkbox" aria-label={`Choose ${name}`} checked={isChosen} onChange={({ target }) => onChoose(line, target.checked)} /></span>
      <span role="cell" className="long-text"><strong>{name}</strong><span className="hint">{line.service}, <Moment at={line.at} /></span></span>
      <span role="cell" className="long-text"><span className={line.state === 'parked' ? 'state warn' : 'state bad'}>{reasonName(line.reason)}</span><span className="hint">{line.error}</span></span>
      <span role="cell"><button type="button" onClick={() => onLook(line)}>Look inside<span className="unseen"> {name}</span></button></span>
    </div>
  );
}
