import { describe, expect, it } from '@jest/globals';
import { pageOf } from './list-page.ts';

const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));

describe('a list by pages', () => {
  it('gives each thing once, in its order, and says where the next page begins but on the last', () => {
    const first = pageOf(all, { limit: 2 });
    expect(first).toEqual({ items: [{ id: 'a' }, { id: 'b' }], nextCursor: 'b' });
    expect(pageOf(all, { limit: 2, cursor: 'b' })).toEqual({ items: [{ id: 'c' }, { id: 'd' }], nextCursor: 'd' });
    expect(pageOf(all, { limit: 2, cursor: 'd' })).toEqual({ items: [{ id: 'e' }] });
    expect(pageOf(all, { limit: 5 })).toEqual({ items: all });
    expect(pageOf([], { limit: 5 })).toEqual({ items: [] });
  });

  it('begins nowhere where the thing is gone that it should go on from', () => {
    expect(() => pageOf(all, { limit: 2, cursor: 'x' })).toThrow(expect.objectContaining({ kind: 'cursor_expired' }));
  });
});
