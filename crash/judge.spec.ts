import { describe, expect, it } from '@jest/globals';
import { Chance } from './chance.ts';
import { judge, type Accepted } from './judge.ts';

const accepted: readonly Accepted[] = [
  { id: 'a1', record: 'a', sequence: 1 }, { id: 'a2', record: 'a', sequence: 2 }, { id: 'b1', record: 'b', sequence: 1 },
];
const ids = (faults: ReadonlyArray<{ id: string }>): string[] => faults.map(({ id }) => id);

describe('judging effects', () => {
  it('finds nothing where each accepted thing had its effect once and in the order of its record', () => {
    expect(judge(accepted, ['b1', 'a1', 'a2'])).toEqual({ accepted: 3, lost: [], doubled: [], outOfOrder: [] });
  });

  it('finds what had no effect', () => {
    expect(ids(judge(accepted, ['a1', 'b1']).lost)).toEqual(['a2']);
  });

  it('finds what had its effect twice, and does not call the repeat out of order', () => {
    const { doubled, outOfOrder } = judge(accepted, ['a1', 'a2', 'a1', 'b1']);
    expect(ids(doubled)).toEqual(['a1']);
    expect(outOfOrder).toEqual([]);
  });

  it('finds an effect of what was never accepted', () => {
    expect(ids(judge(accepted, ['a1', 'a2', 'b1', 'c1']).doubled)).toEqual(['c1']);
  });

  it('finds what was overtaken by something of its own record, not by another record', () => {
    expect(ids(judge(accepted, ['b1', 'a2', 'a1']).outOfOrder)).toEqual(['a1']);
  });
});

describe('chance', () => {
  it('comes out the same for the same seed and otherwise for another', () => {
    const draw = (seed: number): number[] => {
      const chance = new Chance(seed);
      return Array.from({ length: 8 }, () => chance.between(1, 1_000));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('keeps to its bounds and reaches both', () => {
    const chance = new Chance(1);
    const drawn = new Set(Array.from({ length: 200 }, () => chance.between(2, 4)));
    expect([...drawn].sort()).toEqual([2, 3, 4]);
  });
});
