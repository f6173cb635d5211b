import { describe, expect, it } from '@jest/globals';
import { CallerQuota } from './caller-quota.ts';

/** Counts as Redis does. */
function counting(): { readonly counts: Map<string, number>; readonly asked: () => number; readonly eval: () => Promise<unknown> } {
  const counts = new Map<string, number>();
  let asked = 0;
  return {
    counts,
    asked: () => asked,
    eval: async (...given: readonly unknown[]) => {
      asked += 1;
      const [, , key, by] = given;
      const before = counts.get(String(key)) ?? 0;
      counts.set(String(key), before + Number(by));
      return before;
    },
  };
}

describe('the quota of a caller', () => {
  it('lets as many requests through as it holds, however many come at once, and says what is left', async () => {
    const redis = counting();
    const quota = new CallerQuota({ keyPrefix: '', redis, requests: 100, windowSeconds: 60, nowMs: () => 30_000 });
    const answers = await Promise.all(Array.from({ length: 150 }, async () => await quota.take('a')));
    expect(answers.filter(({ isAllowed }) => isAllowed)).toHaveLength(100);
    expect(answers[0]).toEqual({ isAllowed: true, remaining: 99, resetsInSeconds: 30 });
    expect(answers.at(-1)).toEqual({ isAllowed: false, remaining: 0, resetsInSeconds: 30 });
    expect(redis.asked()).toBe(50);
  });

  it('is shared by all replicas, and one for each caller', async () => {
    const redis = counting();
    const replicas = [1, 2, 3].map(() => new CallerQuota({ keyPrefix: '', redis, requests: 90, windowSeconds: 60, nowMs: () => 0 }));
    const answers = await Promise.all(replicas.flatMap((quota) => Array.from({ length: 60 }, async () => await quota.take('a'))));
    expect(answers.filter(({ isAllowed }) => isAllowed)).toHaveLength(90);
    expect(await replicas[0]?.take('b')).toMatchObject({ isAllowed: true, remaining: 89 });
  });

  it('begins anew with each window', async () => {
    let nowMs = 0;
    const quota = new CallerQuota({ keyPrefix: '', redis: counting(), requests: 2, windowSeconds: 60, nowMs: () => nowMs });
    for (const isAllowed of [true, true, false]) expect(await quota.take('a')).toMatchObject({ isAllowed });
    nowMs = 60_000;
    expect(await quota.take('a')).toMatchObject({ isAllowed: true, remaining: 1, resetsInSeconds: 60 });
  });

  it('is granted by the process alone while Redis is away', async () => {
    const quota = new CallerQuota({ keyPrefix: '', redis: { eval: () => Promise.reject(new Error('away')) }, requests: 3, windowSeconds: 60, nowMs: () => 0 });
    for (const isAllowed of [true, true, true, false]) expect(await quota.take('a')).toMatchObject({ isAllowed });
  });
});
