import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StallWatch } from './stall-watch.ts';

const stallMs = 1_000;
let isBusy = false;
let stalls = 0;
let watch: StallWatch;

beforeEach(() => {
  jest.useFakeTimers();
  isBusy = false;
  stalls = 0;
  watch = new StallWatch({
    stallMs,
    isBusy: () => isBusy,
    onStall: () => {
      stalls += 1;
    },
  });
  watch.start();
});

afterEach(() => {
  watch.stop();
  jest.useRealTimers();
});

describe('the watch over a consumer', () => {
  it('tells of a standstill, and again when it lasts as long once more', () => {
    jest.advanceTimersByTime(stallMs - 1);
    expect(stalls).toBe(0);
    jest.advanceTimersByTime(stallMs / 4 + 1);
    expect(stalls).toBe(1);
    jest.advanceTimersByTime(stallMs + stallMs / 4);
    expect(stalls).toBe(2);
  });

  it('says nothing as long as something moves or is under way', () => {
    for (let step = 0; step < 8; step += 1) {
      jest.advanceTimersByTime(stallMs / 2);
      watch.moved();
    }
    isBusy = true;
    jest.advanceTimersByTime(stallMs * 10);
    expect(stalls).toBe(0);
  });

  it('gives joining the group its time, and after that no more than the limit', () => {
    watch.moved(stallMs * 5);
    jest.advanceTimersByTime(stallMs * 5);
    expect(stalls).toBe(0);
    watch.moved(); // it has joined
    jest.advanceTimersByTime(stallMs + stallMs / 4);
    expect(stalls).toBe(1);
  });
});
