import { beforeEach, describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('the circuit of a connection', () => {
  let nowMs: number;
  let breaker: CircuitBreaker;

  beforeEach(() => {
    nowMs = 0;
    breaker = new CircuitBreaker({ failureThreshold: 3, openForMs: 1_000, maxCircuits: 2, now: () => nowMs });
  });

  const failTimes = (key: string, times: number) => {
    for (let i = 0; i < times; i += 1) breaker.failed(key, 'shippo');
  };

  it('stays closed below the threshold, and a success starts the count anew', () => {
    failTimes('a', 2);
    breaker.succeeded('a');
    failTimes('a', 2);
    expect(breaker.admit('a')).toEqual({ admitted: true });
  });

  it('opens at the threshold, for that connection only, and says how long', () => {
    failTimes('a', 3);
    nowMs = 400;
    expect(breaker.admit('a')).toEqual({ admitted: false, retryAfterMs: 600 });
    expect(breaker.admit('b')).toEqual({ admitted: true });
    expect(breaker.openByGroup()).toEqual(new Map([['shippo', 1]]));
  });

  it('lets exactly one probe through after the pause; its success closes the circuit', () => {
    failTimes('a', 3);
    nowMs = 1_000;
    expect(breaker.admit('a').admitted).toBe(true);
    expect(breaker.admit('a').admitted).toBe(false);
    breaker.succeeded('a');
    expect(breaker.admit('a').admitted).toBe(true);
    expect(breaker.openByGroup().size).toBe(0);
  });

  it('opens again at once when the probe fails', () => {
    failTimes('a', 3);
    nowMs = 1_000;
    breaker.admit('a');
    breaker.failed('a', 'shippo');
    expect(breaker.admit('a')).toEqual({ admitted: false, retryAfterMs: 1_000 });
  });

  it('admits another probe when the first was cancelled by our own side', () => {
    failTimes('a', 3);
    nowMs = 1_000;
    breaker.admit('a');
    breaker.withdrawn('a');
    expect(breaker.admit('a').admitted).toBe(true);
  });

  it('remembers a bounded number of circuits', () => {
    failTimes('a', 3);
    failTimes('b', 3);
    failTimes('c', 3);
    expect(breaker.admit('a').admitted).toBe(true);
    expect(breaker.admit('c').admitted).toBe(false);
  });
});
