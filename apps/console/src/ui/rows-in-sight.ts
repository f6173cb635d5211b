import { useLayoutEffect, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

interface EqualRows {
  readonly count: number;
  readonly rowHeightPx: number;
  /** So many more above and below are part of it. */
  readonly beyond: number;
}

/** From the row `first` to before the row `end`. */
interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Which rows can be seen of a list that scrolls in a frame. All are equally high, so that nothing is measured or remembered of each, however many there are. */
export function useRowsInSight(frame: RefObject<HTMLElement | null>, { count, rowHeightPx, beyond }: EqualRows): RowRange {
  const [{ first, end }, setSeen] = useState<RowRange>({ first: 0, end: 0 });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const look = (): void => setSeen((before) => {
      const now = { first: Math.floor(element.scrollTop / rowHeightPx), end: Math.ceil((element.scrollTop + element.clientHeight) / rowHeightPx) };
      return now.first === before.first && now.end === before.end ? before : now;
    });
    // Drawn with the frame that is scrolled, not with the one after it.
    const lookAtOnce = (): void => flushSync(look);
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', lookAtOnce, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', lookAtOnce);
    };
  }, [frame, rowHeightPx]);
  return { first: Math.max(0, first - beyond), end: Math.min(count, end + beyond) };
}
