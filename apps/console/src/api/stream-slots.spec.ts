import { describe, expect, it } from '@jest/globals';
import { StreamSlots } from './stream-slots.ts';

const never = new AbortController().signal;

describe('slots of streams', () => {
  it('hand one that is given back to whoever has waited longest', async () => {
    const slots = new StreamSlots(1);
    const first = await slots.take(never);
    const taken: string[] = [];
    const waiting = ['second', 'third'].map(async (name) => {
      const release = await slots.take(never);
      taken.push(name);
      return release;
    });
    expect(taken).toEqual([]);
    first?.();
    first?.();
    const second = await waiting[0];
    expect(taken).toEqual(['second']);
    second?.();
    await waiting[1];
    expect(taken).toEqual(['second', 'third']);
  });

  it('pass over whoever gave up', async () => {
    const slots = new StreamSlots(1);
    const first = await slots.take(never);
    const ending = new AbortController();
    const givenUp = slots.take(ending.signal);
    ending.abort();
    expect(await givenUp).toBeUndefined();
    expect(await slots.take(ending.signal)).toBeUndefined();
    first?.();
    expect(await slots.take(never)).toBeInstanceOf(Function);
  });

  it('lose none where one is given back to somebody who has just given up', async () => {
    const slots = new StreamSlots(1);
    const first = await slots.take(never);
    const ending = new AbortController();
    const waiting = slots.take(ending.signal);
    first?.();
    ending.abort();
    (await waiting)?.();
    expect(await slots.take(never)).toBeInstanceOf(Function);
  });
});
