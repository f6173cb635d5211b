import { describe, expect, it } from '@jest/globals';
import { orderSearchOf } from './order-search.ts';

describe('the address of the page of orders', () => {
  it('says what is looked for, also where a number looks like one', () => {
    expect(orderSearchOf({ externalId: 1042, status: 'shipped', other: 'x' })).toEqual({ externalId: '1042', status: 'shipped' });
  });

  it('says nothing where it makes no sense', () => {
    expect(orderSearchOf({ externalId: {}, status: '<script>', connectionId: 'somebody else' })).toEqual({});
  });
});
