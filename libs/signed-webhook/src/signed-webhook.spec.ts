import { createHash } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { matchesAnySecret } from './secret-match.ts';
import { parseWebhookJson } from './webhook-json.ts';

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

describe('what a webhook proves itself by', () => {
  it('fits any of the secrets while one is changed', () => {
    expect(matchesAnySecret(digest('old'), ['new', 'old'], digest)).toBe(true);
    expect(matchesAnySecret(digest('old'), ['new'], digest)).toBe(false);
    expect(matchesAnySecret(digest('old'), [], digest)).toBe(false);
  });

  it('is held against every secret, also after one fitted, so that the time does not tell which', () => {
    const tried: string[] = [];
    matchesAnySecret(digest('a'), ['a', 'b', 'c'], (secret) => {
      tried.push(secret);
      return digest(secret);
    });
    expect(tried).toEqual(['a', 'b', 'c']);
  });

  it('does not fit where its length is another', () => {
    expect(matchesAnySecret(Buffer.from('short'), ['a'], digest)).toBe(false);
    expect(matchesAnySecret(Buffer.alloc(0), ['a'], digest)).toBe(false);
  });
});

describe('the bytes of a webhook', () => {
  it('are read as JSON', () => {
    expect(parseWebhookJson(Buffer.from('{"name":"Žluťoučký"}'), 'Acme')).toEqual({ name: 'Žluťoučký' });
  });

  it.each([
    ['not JSON', Buffer.from('{"secret":')],
    ['empty', Buffer.alloc(0)],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('are refused when %s, by vendor and without their content', (_, bytes) => {
    expect(() => parseWebhookJson(bytes, 'Acme')).toThrow(new Failure('invalid', 'The Acme webhook is not JSON in UTF-8.'));
  });
});
