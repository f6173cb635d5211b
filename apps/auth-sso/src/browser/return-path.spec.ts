import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { returnPath } from './return-path.ts';

const origin = 'https://app.example.com';

describe('the path that a person is sent on to', () => {
  it.each(['/', '/orders?open=1#top', '/a/../b', '/%2F%2Fevil.example'])('may be %p', (path) => {
    expect(new URL(returnPath(path, origin) ?? '', origin).origin).toBe(origin);
  });

  it('never leads to another host, whatever is asked for', () => {
    const part = fc.constantFrom('/', '\\', '//', '.', '..', '@', ':', '?', '#', '%2f', '%5c', '\t', '\n', 'evil.example', 'https:', ' ', '\u2028', '\uff0f');
    fc.assert(fc.property(fc.array(part, { maxLength: 8 }), fc.string({ maxLength: 10 }), (parts, tail) => {
      const path = returnPath(parts.join('') + tail, origin);
      if (path === undefined) return;
      expect(path.startsWith('/') && !path.startsWith('//')).toBe(true);
      expect(new URL(`${origin}${path}`).host).toBe('app.example.com');
      expect(new URL(path, origin).host).toBe('app.example.com');
    }));
  });
});
