import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineTaskKind } from '../task-kind.ts';
import { batchKeyOf, chooseBatches, type Candidate } from './task-taking.ts';

const schema = z.object({});
const kinds = [defineTaskKind({ kind: 'single', schema }), defineTaskKind({ kind: 'double', schema, batchSize: 2 })];
const gathering = new Set<string>();

function candidate(id: string, tenantId: string, kind: string, groupKey = 'connection'): Candidate {
  return { id, tenantId, kind, groupKey };
}

describe('the choice of batches', () => {
  it('puts tasks of one tenant, kind and group together, up to the kind’s size', () => {
    const candidates = [
      candidate('1', 'a', 'double'), candidate('2', 'a', 'double', 'other'), candidate('3', 'a', 'double'), candidate('4', 'a', 'double'), candidate('5', 'b', 'double'),
    ];
    expect(chooseBatches(candidates, { kinds, batches: 9, gathering })).toEqual([['1', '3'], ['5'], ['2'], ['4']]);
  });

  it('leaves what is being gathered until a batch of it is full', () => {
    const candidates = [
      candidate('1', 'a', 'double'), candidate('2', 'a', 'double'), candidate('3', 'a', 'double'), candidate('4', 'a', 'double', 'other'), candidate('5', 'b', 'double'),
    ];
    expect(chooseBatches(candidates, { kinds, batches: 9, gathering: new Set([batchKeyOf({ tenantId: 'a', kind: 'double', groupKey: 'connection' })]) }))
      .toEqual([['1', '2'], ['5'], ['4']]);
  });

  it('gives each tenant a batch before any gets a second one', () => {
    const candidates = [
      ...['1', '2', '3', '4'].map((id) => candidate(id, 'crowd', 'single')), candidate('5', 'few', 'single'), candidate('6', 'other', 'single'),
    ];
    expect(chooseBatches(candidates, { kinds, batches: 4, gathering })).toEqual([['1'], ['5'], ['6'], ['2']]);
  });
});
