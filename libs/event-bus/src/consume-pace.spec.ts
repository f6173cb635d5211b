import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConsumePace, usualGatherMs } from './consume-pace.ts';

let nowMs: number;
let pace: ConsumePace;

beforeEach(() => {
  nowMs = 1_000_000;
  pace = new ConsumePace(usualGatherMs, () => nowMs);
});

/** Messages come after some time and are worked on for some time. @returns the rest after them */
function take({ afterMs, workMs = 0, concernedMs = nowMs, isBehind = false }: {
  readonly afterMs: number; readonly workMs?: number; readonly concernedMs?: number; readonly isBehind?: boolean;
}): number {
  nowMs += afterMs;
  pace.begin(isBehind);
  nowMs += workMs;
  return pace.end(concernedMs);
}

describe('the pace of a consumer', () => {
  it('asks for more at once after messages that came alone', () => {
    expect([take({ afterMs: 0 }), take({ afterMs: 1_000 })]).toEqual([0, 0]);
  });

  it('rests while messages come quickly, until some have gathered', () => {
    take({ afterMs: 0 });
    expect([take({ afterMs: 5 }), take({ afterMs: 40, workMs: 10 })]).toEqual([40, 30]);
  });

  it('gathers for as long as the service says', () => {
    pace = new ConsumePace(500, () => nowMs);
    take({ afterMs: 0 });
    expect([take({ afterMs: 5 }), take({ afterMs: 500, workMs: 10 }), take({ afterMs: 2_000 })]).toEqual([500, 490, 0]);
  });

  it('rests for twice as long as the work took, and never for long', () => {
    take({ afterMs: 0 });
    expect([take({ afterMs: 5, workMs: 60 }), take({ afterMs: 120, workMs: 400 })]).toEqual([120, 300]);
  });

  it('does not rest while more waits than has come', () => {
    take({ afterMs: 0 });
    expect([take({ afterMs: 5, workMs: 60, isBehind: true }), take({ afterMs: 5, workMs: 60 })]).toEqual([0, 120]);
  });

  it('counts what comes of several partitions together as one', () => {
    take({ afterMs: 0 });
    nowMs += 10;
    pace.begin(false);
    pace.begin(false);
    nowMs += 10;
    expect([pace.end(nowMs), pace.end(nowMs)]).toEqual([30, 30]);
    nowMs += 30;
    pace.begin(false);
    pace.begin(true);
    nowMs += 15;
    expect([pace.end(nowMs), pace.end(nowMs)]).toEqual([0, 0]);
  });

  it('rests for longer where nothing has concerned the service for a while, and not where something has', () => {
    const longAgoMs = nowMs - 5_001;
    take({ afterMs: 0, concernedMs: longAgoMs });
    expect([take({ afterMs: 5, concernedMs: longAgoMs }), take({ afterMs: 250, concernedMs: longAgoMs }), take({ afterMs: 250 })]).toEqual([250, 250, 40]);
  });
});
