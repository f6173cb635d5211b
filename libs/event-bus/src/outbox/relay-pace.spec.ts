import { describe, expect, it } from '@jest/globals';
import { RelayPace } from './relay-pace.ts';

function paceOf(batches: ReadonlyArray<readonly [afterMs: number, rows: number]>): number[] {
  let nowMs = 0;
  const pace = new RelayPace(() => nowMs);
  return batches.map(([afterMs, rows]) => {
    nowMs += afterMs;
    return pace.begin(rows);
  });
}

describe('the pace of the relay', () => {
  it('lets single rows go at once', () => {
    expect(paceOf([[5, 1], [5, 1], [5, 2]])).toEqual([0, 0, 0]);
  });

  it('does not wait after a burst that stands alone', () => {
    expect(paceOf([[0, 100], [1_000, 100]])).toEqual([0, 0]);
  });

  it('gathers rows while they come quickly', () => {
    expect(paceOf([[0, 1], [5, 30], [20, 100]])).toEqual([0, 20, 20]);
  });

  it('does not wait while more than a batch is there', () => {
    expect(paceOf([[0, 500], [10, 500], [10, 500]])).toEqual([0, 0, 0]);
  });

  it('rests for twice as long as a batch took, and never for long', () => {
    let nowMs = 0;
    const pace = new RelayPace(() => nowMs);
    const restAfter = (tookMs: number): number => {
      pace.begin(1);
      nowMs += tookMs;
      return pace.end();
    };
    expect([restAfter(0), restAfter(3), restAfter(15), restAfter(400)]).toEqual([0, 6, 30, 40]);
  });
});
