import { describe, expect, it } from '@jest/globals';
import { howFarRead } from './dead-letter-words.ts';

describe('what is said of a list', () => {
  it('says whether more come', () => {
    expect([howFarRead({ length: 1_000, missing: [] }, true), howFarRead({ length: 7, missing: [] }, false)])
      .toEqual(['1,000 read; more come as you scroll.', '7 read, which are all.']);
  });

  it('does not call a list whole of which a service has not told its part', () => {
    expect(howFarRead({ length: 0, missing: ['orders', 'shipping'] }, false))
      .toBe('0 read. orders and shipping did not answer meanwhile: what is kept there may be missing until the list is read anew.');
  });
});
