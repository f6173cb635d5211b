import { describe, expect, it } from '@jest/globals';
import { lineChanges } from './deal-lines.ts';

const changes = (held: ReadonlyArray<{ id: string; key: string; price: number }>, wanted: ReadonlyArray<{ key: string; price: number }>) =>
  lineChanges(held, wanted, ({ price }, { price: other }) => price === other);

describe('what is done so that a deal holds its lines', () => {
  it('makes what is missing, changes what differs, removes what is not wanted, and leaves the rest', () => {
    expect(changes([{ id: '1', key: 'a', price: 1 }, { id: '2', key: 'b', price: 2 }, { id: '3', key: 'c', price: 3 }], [{ key: 'a', price: 1 }, { key: 'b', price: 9 }, { key: 'd', price: 4 }]))
      .toEqual({ create: [{ key: 'd', price: 4 }], update: [{ id: '2', wanted: { key: 'b', price: 9 } }], remove: ['3'] });
  });

  it('removes the double of a line', () => {
    expect(changes([{ id: '1', key: 'a', price: 1 }, { id: '2', key: 'a', price: 1 }], [{ key: 'a', price: 1 }])).toEqual({ create: [], update: [], remove: ['2'] });
  });
});
