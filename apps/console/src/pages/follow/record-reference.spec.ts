import { describe, expect, it } from '@jest/globals';
import { referenceOf } from './record-reference.ts';

describe('what somebody types to follow a record', () => {
  it.each([
    ['1042', '1042'], ['#1042', '1042'], ['Order #1042', '1042'], ['order 1042', '1042'], ['deal number 512', '512'], ['  9b1c ', '9b1c'],
    ['1Z 999 AA1 01 2345 6784', '1Z999AA10123456784'], ['hubspot/deal/512', 'hubspot/deal/512'], ['tracking/1Z999', 'tracking/1Z999'], ['order', 'order'],
  ])('%s stands for the record %s', (typed, record) => {
    expect(referenceOf(typed)).toEqual({ kind: 'record', record });
  });

  it('is known to be an address of a person, in the form that accounts are searched by', () => {
    expect(referenceOf(' Ada@Example.com ')).toEqual({ kind: 'email', email: 'ada@example.com' });
  });

  it.each(['', '   ', 'x'.repeat(321)])('is nothing where it names no record: %j', (typed) => {
    expect(referenceOf(typed)).toBeUndefined();
  });
});
