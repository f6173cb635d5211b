import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.ts';

interface Setting {
  readonly concurrency?: number;
  readonly largestGroup?: number;
  readonly fails?: (items: readonly number[]) => Error | undefined;
  readonly concernsAll?: (error: unknown) => boolean;
}

function newGroups({ concurrency = 1, largestGroup = 100, fails = () => undefined, concernsAll = () => false }: Setting = {}): { groups: GroupCommit<number, string>; committed: number[][] } {
  const committed: number[][] = [];
  const groups = new GroupCommit<number, string>({
    concurrency, concernsAll, largestGroup: () => largestGroup, sizeOf: (item) => item,
    commit: async (items) => {
      committed.push([...items]);
      await Promise.resolve();
      const failure = fails(items);
      if (failure) throw failure;
      return items.map((item) => `done ${item}`);
    },
  });
  return { groups, committed };
}

describe('a group commit', () => {
  it('commits the first item at once, and together what comes meanwhile', async () => {
    const { groups, committed } = newGroups();
    expect(await Promise.all([1, 2, 3].map((item) => groups.commit(item)))).toEqual(['done 1', 'done 2', 'done 3']);
    expect(committed).toEqual([[1], [2, 3]]);
  });

  it('keeps as many under way as it may', async () => {
    const { groups, committed } = newGroups({ concurrency: 2 });
    await Promise.all([1, 2, 3, 4].map((item) => groups.commit(item)));
    expect(committed).toEqual([[1], [2], [3, 4]]);
  });

  it('makes no group too large, and lets an item that is too large go alone', async () => {
    const { groups, committed } = newGroups({ largestGroup: 10 });
    await Promise.all([1, 6, 4, 5, 50, 1].map((item) => groups.commit(item)));
    expect(committed).toEqual([[1], [6, 4], [5], [50], [1]]);
  });

  it('tries the items of a failed group one by one, so that one fails alone', async () => {
    const { groups, committed } = newGroups({ fails: (items) => (items.includes(3) ? new Error('three') : undefined) });
    const results = await Promise.allSettled([1, 2, 3, 4].map((item) => groups.commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(committed).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  it('tries nobody alone where the failure concerns all', async () => {
    const { groups, committed } = newGroups({ fails: () => new Error('away'), concernsAll: () => true });
    const results = await Promise.allSettled([1, 2, 3].map((item) => groups.commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(committed).toEqual([[1], [2, 3]]);
  });
});
