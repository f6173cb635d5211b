import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchesOfDistinctKeys, sendInBatches } from './isolated-batches.ts';

interface Item { readonly key: string; readonly wrong?: boolean }
interface Upserted { readonly outcome: 'upserted'; readonly crmId: string; readonly created: boolean }

const upserted = (item: Item): Upserted => ({ outcome: 'upserted', crmId: `id-of-${item.key}`, created: true });
const keyOf = (item: Item): string => item.key;

describe('sending in batches', () => {
  it.each(['invalid', 'not_found', 'conflict'] as const)('gives each record its own result when one record makes whole calls fail as %s', async (kind) => {
    const items = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, wrong: key === 'd' }));
    const results = await sendInBatches<Item, Upserted>(items, {
      keyOf,
      maxBatchSize: 100,
      send: async (batch) => {
        if (batch.some(({ wrong }) => wrong)) throw new Failure(kind, 'One record is wrong.');
        return batch.map(upserted);
      },
    });
    expect(results.map((result) => (result instanceof Failure ? result.kind : result.crmId)))
      .toEqual(['id-of-a', 'id-of-b', 'id-of-c', kind, 'id-of-e']);
  });

  it('stops calling after a failure that concerns every record and keeps what was done before', async () => {
    const calls: string[][] = [];
    const results = await sendInBatches<Item, Upserted>(['a', 'b', 'c', 'd'].map((key) => ({ key })), {
      keyOf,
      maxBatchSize: 1,
      send: async (batch) => {
        calls.push(batch.map(keyOf));
        if (batch[0]?.key === 'b') throw new Failure('rate_limited', 'Too many calls.', { retryAfterMs: 10_000 });
        return batch.map(upserted);
      },
    });
    expect(calls).toEqual([['a'], ['b']]);
    expect(results.map((result) => (result instanceof Failure ? result.kind : result.crmId)))
      .toEqual(['id-of-a', 'rate_limited', 'rate_limited', 'rate_limited']);
  });

  it('does not take a record for done that the vendor said nothing about', async () => {
    const results = await sendInBatches<Item, Upserted>([{ key: 'a' }, { key: 'b' }], {
      keyOf, maxBatchSize: 10, send: async ([first]) => (first ? [upserted(first)] : []),
    });
    expect(results[1]).toMatchObject({ kind: 'outcome_unknown' });
  });

  it('never puts one key twice into a batch, keeps the order of a key and the size, and loses nothing', () => {
    fc.assert(fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd')), fc.integer({ min: 1, max: 5 }),
      (keys, maxBatchSize) => {
        const items = keys.map((key, position) => ({ key, position }));
        const batches = batchesOfDistinctKeys(items, keyOf, maxBatchSize);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(maxBatchSize);
          expect(batch.length).toBeGreaterThan(0);
          expect(new Set(batch.map(keyOf)).size).toBe(batch.length);
        }
        const sent = batches.flat();
        expect(sent).toHaveLength(items.length);
        for (const key of new Set(keys)) {
          const positions = sent.filter((item) => item.key === key).map(({ position }) => position);
          expect(positions).toEqual([...positions].sort((left, right) => left - right));
        }
      },
    ));
  });
});
