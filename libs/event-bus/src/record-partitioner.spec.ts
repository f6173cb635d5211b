import { describe, expect, it } from '@jest/globals';
import { recordPartitioner } from './record-partitioner.ts';

const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] }));

function partitionOf(key: string): number {
  return recordPartitioner()({ topic: 'orders', partitionMetadata, message: { key, value: '' } });
}

describe('the partition of an event', () => {
  it('is the same for the same key, in every process', () => {
    expect(partitionOf('tenant/order/1')).toBe(partitionOf('tenant/order/1'));
    expect(partitionOf('0b2f9f0e-8f4e-4c0c-9f7a-5d1f1f6f2a11/order/1')).toBe(4);
  });

  it('spreads keys evenly', () => {
    const keys = Array.from({ length: 12_000 }, (_, order) => `tenant/order/${order}`);
    const sizes = [...Map.groupBy(keys, partitionOf).values()].map(({ length }) => length);
    expect(sizes).toHaveLength(12);
    expect(Math.min(...sizes)).toBeGreaterThan(800);
  });
});
