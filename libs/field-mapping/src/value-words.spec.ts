import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ValueWords } from './value-words.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd', 'e');

describe('the words of a rule', () => {
  it('come back as they were, or have no counterpart', () => {
    fc.assert(fc.property(fc.dictionary(word, fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }))), word, (values, canonical) => {
      const words = new ValueWords(values);
      const vendor = words.toVendor(canonical, true);
      if (words.ambiguous.length === 0 && vendor !== undefined) expect(words.toCanonical(vendor)).toBe(canonical);
    }));
  });

  it('are written as the first and read from each', () => {
    const words = new ValueWords({ lead: ['New', 'Open'] });
    expect([words.toVendor('lead', true), words.toCanonical('New'), words.toCanonical('Open'), words.toCanonical('Won')]).toEqual(['New', 'lead', 'lead', 'Won']);
  });

  it('have no counterpart where that stands for another one, unless nobody reads it', () => {
    const words = new ValueWords({ a: 'b' });
    expect([words.toVendor('b', true), words.toCanonical('a'), words.toVendor('b', false)]).toEqual([undefined, undefined, 'b']);
  });
});
