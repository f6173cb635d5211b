import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConsumePace } from './consume-pace.ts';

let nowMs: number;
let pace: ConsumePace;

beforeEach(() => {
  nowMs = 1_000_000;
  pace = new ConsumePace(() => nowMs);
});

/** Messages come after some time and are worked on for some time. @returns the rest after them */
function take({ afterMs, workMs = 0, concernedMs = nowMs }: { readonly afterMs: number; readonly workMs?: number; readonly concernedMs?: number }): number {
  nowMs += afterMs;
  pace.begin();
  nowMs += workMs;
  return pace.end(concernedMs);
}

describe('the pace of a consumer', () => {
  it('asks for more at once after messages that came alone', () => {
    expect([take({ afterMs: 0 }), take({ afterMs: 1_000 })]).toEqual([0, 0]);
  });

  it('rests while messages come quickly, for less the longer they were worked on', () => {
    take({ afterMs: 0 });
    expect([take({ afterMs: 5 }), take({ afterMs: 40, workMs: 30 }), take({ afterMs: 10, workMs: 500 }), take({ afterMs: 1_000 })]).toEqual([40, 10, 0, 0]);
  });

  it('counts what comes of several partitions together as one', () => {
    take({ afterMs: 0 });
    nowMs += 10;
    pace.begin();
    pace.begin();
    nowMs += 15;
    expect([pace.end(nowMs), pace.end(nowMs)]).toEqual([25, 25]);
  });

  it('rests for longer where nothing has concerned the service for a while, and not where something has', () => {
    const longAgoMs = nowMs - 5_001;
    take({ afterMs: 0, concernedMs: longAgoMs });
    expect([take({ afterMs: 5, concernedMs: longAgoMs }), take({ afterMs: 250, concernedMs: longAgoMs }), take({ afterMs: 250 })]).toEqual([250, 250, 40]);
  });
});
