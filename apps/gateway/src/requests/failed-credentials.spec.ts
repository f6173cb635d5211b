import { describe, expect, it } from '@jest/globals';
import { FailedCredentials } from './failed-credentials.ts';

describe('credentials that do not hold', () => {
  it('rest their address for the rest of a minute, and no other', () => {
    let nowMs = 0;
    const failures = new FailedCredentials(3, () => nowMs);
    for (const _ of [1, 2, 3]) {
      expect(failures.restSeconds('192.0.2.1')).toBeUndefined();
      failures.note('192.0.2.1');
      nowMs += 1_000;
    }
    expect([failures.restSeconds('192.0.2.1'), failures.restSeconds('192.0.2.2')]).toEqual([57, undefined]);
    nowMs = 60_000;
    expect(failures.restSeconds('192.0.2.1')).toBeUndefined();
  });

  it('are remembered of ten thousand addresses, the latest', () => {
    const failures = new FailedCredentials(1, () => 0);
    for (let address = 0; address <= 10_000; address += 1) failures.note(String(address));
    expect([failures.restSeconds('0'), failures.restSeconds('10000')]).toEqual([undefined, 60]);
  });
});
