import { describe, expect, it } from '@jest/globals';
import { ShortMemory } from './short-memory.ts';

/** A memory of two things for 10 ms whose clock stands, and a search that counts. */
function arrange(find: (key: string) => Promise<string | undefined> = async (key) => key): {
  get: (key: string) => Promise<string | undefined>; known: (key: string) => string | undefined; searches: string[]; pass: (ms: number) => void;
} {
  let nowMs = 0;
  const searches: string[] = [];
  const memory = new ShortMemory<string>({ keptMs: 10, maxEntries: 2, nowMs: () => nowMs });
  return {
    get: (key) => memory.get(key, () => {
      searches.push(key);
      return find(key);
    }),
    known: (key) => memory.known(key),
    searches,
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

describe('a short memory', () => {
  it('searches once while it remembers, also for those who ask at the same moment', async () => {
    const { get, searches, pass } = arrange();
    expect(await Promise.all([get('a'), get('a')])).toEqual(['a', 'a']);
    pass(9);
    await get('a');
    expect(searches).toEqual(['a']);
  });

  it('says without a search what it has found, while it remembers', async () => {
    const { get, known, pass } = arrange();
    const search = get('a');
    expect(known('a')).toBeUndefined();
    await search;
    pass(9);
    expect(known('a')).toBe('a');
    pass(1);
    expect(known('a')).toBeUndefined();
  });

  it('counts its time from the search on, not from the last time somebody asked', async () => {
    const { get, searches, pass } = arrange();
    await get('a');
    pass(9);
    await get('a');
    pass(1);
    await get('a');
    expect(searches).toEqual(['a', 'a']);
  });

  it('gives up what was not asked for longest when it is full', async () => {
    const { get, searches } = arrange();
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
    expect(searches).toEqual(['a', 'b', 'c', 'b']);
  });

  it('remembers neither that nothing was found nor that the search failed', async () => {
    const nothing = arrange(async () => undefined);
    await nothing.get('a');
    await nothing.get('a');
    expect(nothing.searches).toHaveLength(2);
    const failing = arrange(() => Promise.reject(new Error('The database is away.')));
    await expect(failing.get('a')).rejects.toThrow('away');
    await expect(failing.get('a')).rejects.toThrow('away');
    expect(failing.searches).toHaveLength(2);
  });
});
