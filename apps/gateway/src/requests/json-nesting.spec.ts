import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nestsDeeperThan } from './json-nesting.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('how deep JSON nests', () => {
  it('is seen before it is parsed, whatever its texts hold', () => {
    const text = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a', 'ü') });
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: fc.constantFrom('[', '{', '"', '\\', ']', '}') }), text, (value, key) => {
      const whole = { [key]: value };
      const json = Buffer.from(JSON.stringify(whole));
      expect([nestsDeeperThan(depthOf(whole), json), nestsDeeperThan(depthOf(whole) - 1, json)]).toEqual([false, true]);
    }));
  });

  it('is bounded without reading on', () => {
    expect(nestsDeeperThan(64, Buffer.from('['.repeat(1_000_000)))).toBe(true);
  });
});
