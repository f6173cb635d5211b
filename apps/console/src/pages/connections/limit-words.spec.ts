import { describe, expect, it } from '@jest/globals';
import { limitName, usedOfGranted, type LimitUsage } from './limit-words.ts';

const limit = (parts: Partial<LimitUsage>): LimitUsage => ({ name: 'ten-seconds', kind: 'rolling', unit: 'calls', windowSeconds: 10, granted: 100, used: 0, ...parts });

describe('a limit of a vendor', () => {
  it.each([
    [limit({}), 'Calls in 10 seconds'],
    [limit({ name: 'search', windowSeconds: 1 }), 'Searches in 1 second'],
    [limit({ name: 'day', windowSeconds: 86_400 }), 'Calls in 24 hours'],
    [limit({ name: 'daily-tokens', kind: 'fixed', unit: 'tokens', windowSeconds: 86_400 }), 'Tokens in 24 hours'],
    [limit({ name: 'work-time', unit: 'milliseconds', windowSeconds: 300 }), 'Time the vendor works in 5 minutes'],
    [{ name: 'at-once', kind: 'slots', unit: 'calls', granted: 10, used: 0 } as const, 'Calls at once'],
  ])('says what is counted, and in which time', (usage, name) => {
    expect(limitName(usage)).toBe(name);
  });

  it('says how much is used in the reader’s numbers, and of time in its own unit', () => {
    const count = new Intl.NumberFormat();
    expect(usedOfGranted(limit({ used: 1_234, granted: 100_000 }))).toBe(`${count.format(1_234)} of ${count.format(100_000)}`);
    expect(usedOfGranted(limit({ unit: 'milliseconds', used: 4_200, granted: 1_200_000 }))).toBe('4 seconds of 20 minutes');
  });
});
