import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.ts';

interface Setting {
  readonly concurrency?: number;
  readonly largestGroup?: number;
  readonly fails?: (items: readonly number[]) => Error | undefined;
  readonly concernsAll?: (error: unknown) => boolean;
  /** What every commit waits for. */
  readonly until?: Promise<unknown>;
}

function newGroups({ concurrency = 1, largestGroup = 100, fails = () => undefined, concernsAll = () => false, until = Promise.resolve() }: Setting = {}): { groups: GroupCommit<number, string>; committed: number[][] } {
  const committed: number[][] = [];
  const groups = new GroupCommit<number, string>({
    concurrency, concernsAll, largestGroup: () => largestGroup, sizeOf: (item) => item,
    commit: async (items) => {
      committed.push([...items]);
      await until;
      const failure = fails(items);
      if (failure) throw failure;
      return items.map((item) => `done ${item}`);
    },
  });
  return { groups, committed };
}

describe('a group commit', () => {
  it('commits together what comes in one turn of the event loop', async () => {
    const { groups, committed } = newGroups({ concurrency: 2 });
    expect(await Promise.all([1, 2, 3].map((item) => groups.commit(item)))).toEqual(['done 1', 'done 2', 'done 3']);
    expect(committed).toEqual([[1, 2, 3]]);
  });

  it('commits together what comes while as many are under way as may be', async () => {
    const onward = Promise.withResolvers<undefined>();
    const { groups, committed } = newGroups({ concurrency: 2, until: onward.promise });
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const all = [groups.commit(1)];
    await turn();
    all.push(groups.commit(2));
    await turn();
    all.push(groups.commit(3), groups.commit(4));
    await turn();
    expect(committed).toEqual([[1], [2]]);
    onward.resolve(undefined);
    await Promise.all(all);
    expect(committed).toEqual([[1], [2], [3, 4]]);
  });

  it('keeps as many groups under way as it may', async () => {
    const { groups, committed } = newGroups({ concurrency: 2, largestGroup: 3, until: new Promise(() => undefined) });
    void [3, 2, 1].map((item) => groups.commit(item));
    await new Promise((resolve) => setImmediate(resolve));
    expect(committed).toEqual([[3], [2, 1]]);
  });

  it('makes no group too large, and lets an item that is too large go alone', async () => {
    const { groups, committed } = newGroups({ largestGroup: 10 });
    await Promise.all([1, 6, 4, 5, 50, 1].map((item) => groups.commit(item)));
    expect(committed).toEqual([[1, 6], [4, 5], [50], [1]]);
  });

  it('tries the items of a failed group one by one, so that one fails alone', async () => {
    const { groups, committed } = newGroups({ fails: (items) => (items.includes(3) ? new Error('three') : undefined) });
    const results = await Promise.allSettled([1, 2, 3, 4].map((item) => groups.commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(committed).toEqual([[1, 2, 3, 4], [1], [2], [3], [4]]);
  });

  it('tries nobody alone where the failure concerns all', async () => {
    const { groups, committed } = newGroups({ fails: () => new Error('away'), concernsAll: () => true });
    const results = await Promise.allSettled([1, 2, 3].map((item) => groups.commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(committed).toEqual([[1, 2, 3]]);
  });

  it('commits in nobody’s context, and answers each in his own', async () => {
    const caller = new AsyncLocalStorage<number>();
    const committers: Array<number | undefined> = [];
    const groups = new GroupCommit<number, string>({
      concurrency: 1, concernsAll: () => false, largestGroup: () => 1, sizeOf: () => 1,
      commit: async (items) => {
        await Promise.resolve();
        committers.push(caller.getStore());
        return items.map(String);
      },
    });
    const callers = await Promise.all([1, 2, 3].map((item) => caller.run(item, async () => groups.commit(item).then(() => caller.getStore()))));
    expect(callers).toEqual([1, 2, 3]);
    expect(committers).toEqual([undefined, undefined, undefined]);
  });
});
