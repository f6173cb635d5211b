import { describe, expect, it } from '@jest/globals';
import { decideRenewal, parallelUseMs } from './key-renewal.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const before = (ms: number): Date => new Date(now.getTime() - ms);

describe('a key to a session that is presented', () => {
  it('is exchanged the first time', () => {
    expect(decideRenewal({ replacedAt: null, isSuccessorUsed: false, isWithdrawn: false }, now)).toBe('rotate');
  });

  it('serves several windows that came with it at the same moment', () => {
    expect(decideRenewal({ replacedAt: before(parallelUseMs - 1), isSuccessorUsed: true, isWithdrawn: false }, now)).toBe('keep');
  });

  it('is exchanged again where the answer to its exchange was lost', () => {
    expect(decideRenewal({ replacedAt: before(parallelUseMs), isSuccessorUsed: false, isWithdrawn: false }, now)).toBe('rotate');
  });

  it('ends the session where the key that took its place was used as well, or was withdrawn', () => {
    expect(decideRenewal({ replacedAt: before(parallelUseMs), isSuccessorUsed: true, isWithdrawn: false }, now)).toBe('reused');
    expect(decideRenewal({ replacedAt: null, isSuccessorUsed: false, isWithdrawn: true }, now)).toBe('reused');
  });
});
