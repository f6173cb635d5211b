import { describe, expect, it } from '@jest/globals';
import { storeInPages, type FactPage } from './store-in-pages.ts';

const sizes = { readAtOnce: 5, pageSize: 10 };

/** So many facts, read as they are asked for. */
function reading(count: number): (atMost: number) => Promise<number[]> {
  let read = 0;
  return async (atMost) => {
    const facts = Array.from({ length: Math.min(atMost, count - read) }, (_, index) => read + index);
    read += facts.length;
    return facts;
  };
}

async function storedOf(count: number): Promise<number[][]> {
  const stored: number[][] = [];
  await storeInPages({ ...sizes, next: reading(count) }, () => {
    const held: number[] = [];
    return { add: (facts) => void held.push(...facts), store: async () => void stored.push(held) };
  });
  return stored;
}

describe('pages of what is read', () => {
  it.each([[0, []], [3, [3]], [5, [5]], [10, [10]], [15, [10, 5]], [17, [10, 7]], [20, [10, 10]]])('hold all of %i facts, whether or not the last one is full', async (count, lengths) => {
    const stored = await storedOf(count);
    expect(stored.map(({ length }) => length)).toEqual(lengths);
    expect(stored.flat()).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('are gathered while the one before is stored, one at a time', async () => {
    const seen: string[] = [];
    const [first, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let pages = 0;
    const begin = (): FactPage<number> => {
      pages += 1;
      const page = pages;
      return {
        add: () => {
          seen.push(`add ${page}`);
          if (page === 2) released.resolve(undefined);
        },
        store: async () => {
          seen.push(`store ${page}`);
          if (page === 1) await first.promise;
          seen.push(`stored ${page}`);
        },
      };
    };
    const all = storeInPages({ ...sizes, next: reading(15) }, begin);
    await released.promise;
    expect(seen).toEqual(['add 1', 'add 1', 'store 1', 'add 2']);
    first.resolve(undefined);
    await all;
    expect(seen.slice(4)).toEqual(['stored 1', 'store 2', 'stored 2']);
  });

  it('end with the fault of one that could not be stored', async () => {
    const page = (): FactPage<number> => ({ add: () => undefined, store: () => Promise.reject(new Error('away')) });
    await expect(storeInPages({ ...sizes, next: reading(40) }, page)).rejects.toThrow('away');
  });
});
