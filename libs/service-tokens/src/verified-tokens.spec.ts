import { describe, expect, it } from '@jest/globals';
import { VerifiedTokens } from './verified-tokens.ts';

const claims = { exp: 600, sub: 'gateway', jti: '1', scope: '' };

describe('tokens that were checked', () => {
  it('are believed for a minute, and never longer than they hold', () => {
    const tokens = new VerifiedTokens();
    tokens.keep('long', claims, 600_000, 0);
    tokens.keep('short', claims, 5_000, 0);
    expect([tokens.find('long', 59_999), tokens.find('long', 60_000)]).toEqual([claims, undefined]);
    expect([tokens.find('short', 4_999), tokens.find('short', 5_000)]).toEqual([claims, undefined]);
    expect(tokens.find('longer', 0)).toBeUndefined();
  });

  it('are ten thousand at most, the latest', () => {
    const tokens = new VerifiedTokens();
    for (let count = 0; count <= 10_000; count += 1) tokens.keep(String(count), claims, 600_000, 0);
    expect([tokens.find('0', 0), tokens.find('10000', 0)]).toEqual([undefined, claims]);
  });
});
