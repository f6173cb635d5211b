import { describe, expect, it } from '@jest/globals';
import { inList } from './salesforce.query.ts';

describe('values in a query', () => {
  it('stay text, whatever is in them', () => {
    expect(inList(["O'Hara", 'back\\slash', "') OR Name != ('"])).toBe(String.raw`('O\'Hara','back\\slash','\') OR Name != (\'')`);
  });
});
