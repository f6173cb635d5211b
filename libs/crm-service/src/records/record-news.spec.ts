import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verdictOnGone, verdictOnState, type SeenBy, type ToldRecord } from './record-news.ts';

const scanId = randomUUID();
const [earlier, now, later] = ['2026-11-21T11:00:00.000Z', '2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z'];
const known = (changes: Partial<ToldRecord> = {}): ToldRecord => ({
  externalId: '1', modifiedAt: new Date(now), digest: 'aa', gone: null, mergedInto: null, seenAt: new Date(now), scanId: null, told: 1, ...changes,
});
const gone = (changes: Partial<ToldRecord> = {}) => known({ gone: 'archived', ...changes });
const seen = ({ modifiedAt = now, digest = 'aa', at = later } = {}) => ({ modifiedAt, digest, at: new Date(at) });
const list: SeenBy = { by: 'list' };
const read: SeenBy = { by: 'read' };
const wanted: SeenBy = { by: 'wanted' };
const scan = (isRead = false): SeenBy => ({ by: 'scan', scanId, isRead });

describe('a record that was seen', () => {
  it.each([
    ['is told where nobody was told of it', undefined, seen(), list, 'tell'],
    ['is not told where it is as it was', known(), seen(), list, 'keep_silent'],
    ['is told where it is newer', known(), seen({ modifiedAt: later }), list, 'tell'],
    ['is told where its time is the same and it says another thing', known(), seen({ digest: 'bb' }), list, 'tell'],
    ['is not told where it is older, whatever it says', known(), seen({ modifiedAt: earlier, digest: 'bb' }), read, 'keep_silent'],
    ['is told to whoever wants it', known(), seen(), wanted, 'tell'],
    ['is told once in a complete reading, changed or not', known(), seen(), scan(), 'tell'],
    ['is not told a second time in the same reading', known({ scanId }), seen(), scan(), 'keep_silent'],
    ['is told again in the same reading where it changed meanwhile', known({ scanId }), seen({ modifiedAt: later }), scan(), 'tell'],
    ['is read by its id where a reading lists an older state than was told', known(), seen({ modifiedAt: earlier }), scan(), 'verify'],
    ['is told as it was read, in a reading', known(), seen({ modifiedAt: earlier }), scan(true), 'tell'],
    ['is read by its id where a list has it and it was gone', gone(), seen(), list, 'verify'],
    ['is told where it is there again', gone(), seen(), read, 'tell'],
    ['is not told where it was read before it was gone', gone({ seenAt: new Date(later) }), seen({ at: now }), read, 'keep_silent'],
  ] as const)('%s', (_, before, record, seenBy, verdict) => {
    expect(verdictOnState(before, record, seenBy)).toBe(verdict);
  });
});

describe('a record that is no more', () => {
  const archived = { gone: 'archived' } as const;
  it.each([
    ['is read by its id before that is said, where a list tells it', known(), archived, list, 'verify'],
    ['is told where it was read', known(), archived, read, 'tell'],
    ['is not told twice', gone(), archived, list, 'keep_silent'],
    ['is told again where it turns out to have been merged', gone(), { gone: 'merged', mergedInto: '2' } as const, list, 'tell'],
    ['is told where it was there only between two polls', undefined, archived, list, 'tell'],
    ['is not told in a reading where nobody knew it', undefined, archived, scan(), 'keep_silent'],
    ['is told to whoever wants it', gone(), archived, wanted, 'tell'],
  ] as const)('%s', (_, before, record, seenBy, verdict) => {
    expect(verdictOnGone(before, record, seenBy)).toBe(verdict);
  });
});
