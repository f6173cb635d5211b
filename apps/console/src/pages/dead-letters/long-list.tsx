import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useRowsInSight } from '../../ui/rows-in-sight.ts';
import type { ReadLines } from './dead-letter-queries.ts';
import { howFarRead } from './dead-letter-words.ts';

/** Every row has this height, so that a hundred thousand of them need not be measured. */
const rowHeightPx = 76;
const rowsBeyond = 10;
/** So many rows before the end of what was read the next page is asked for. */
const rowsAhead = 250;

interface LongListProps<Line> {
  readonly label: string;
  readonly lines: ReadLines<Line>;
  readonly keyOf: (line: Line) => string;
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly readMore: () => void;
  /** The cells of a row. They are asked for with each step of scrolling: what they show should be remembered (`memo`). */
  readonly children: (line: Line) => ReactNode;
}

/** A list of which only what is in sight stands in the page. */
export function LongList<Line>({ label, lines, keyOf, hasMore, isReading, readMore, children }: LongListProps<Line>): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const { first, end } = useRowsInSight(frame, { count: lines.length, rowHeightPx, beyond: rowsBeyond });
  const isNearEnd = end >= lines.length - rowsAhead;
  useEffect(() => {
    if (hasMore && isNearEnd && !isReading) readMore();
  }, [hasMore, isNearEnd, isReading, readMore]);
  return (
    <>
      <div className="long-list" ref={frame} role="group" aria-label={label} tabIndex={0}>
        <div role="table" aria-label={`${label}, oldest first`} aria-rowcount={hasMore ? -1 : lines.length} style={{ blockSize: lines.length * rowHeightPx }}>
          {Array.from({ length: Math.max(0, end - first) }, (_, nth) => {
            const line = lines.at(first + nth);
            return line && <div key={keyOf(line)} role="row" aria-rowindex={first + nth + 1} className="long-row" style={{ blockSize: rowHeightPx, transform: `translateY(${(first + nth) * rowHeightPx}px)` }}>{children(line)}</div>;
          })}
        </div>
      </div>
      <p className="hint" role="status">{howFarRead(lines, hasMore)}</p>
    </>
  );
}
