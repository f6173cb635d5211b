import { describe, expect, it } from '@jest/globals';
import { returnAddress } from './return-address.ts';

const back = (wanted: string): string => returnAddress(wanted, 'https://hub.example.com', ['https://app.example.com']);

describe('the address that a person goes back to', () => {
  it.each([
    ['/settings?tab=1', 'https://hub.example.com/settings?tab=1'],
    ['https://app.example.com/done', 'https://app.example.com/done'],
    ['https://hub.example.com/', 'https://hub.example.com/'],
  ])('may be %s', (wanted, expected) => {
    expect(back(wanted)).toBe(expected);
  });

  it.each([
    'https://evil.example/', '//evil.example', '/\\evil.example', '\\\\evil.example', 'https:\\evil.example',
    'javascript:alert(1)', 'data:text/html,x', 'https://hub.example.com@evil.example/', 'https://user:pass@hub.example.com/',
    'https://app.example.com.evil.example/', 'http://app.example.com/', 'https://app.example.com:8443/', '/ok\n//evil', ' https://evil.example',
    'https://аpp.example.com/', 'https://app.example.com%2eevil.example/', `/${'a'.repeat(3_000)}`,
  ])('is never %s', (wanted) => {
    expect(() => back(wanted)).toThrow(/returnTo/);
  });
});
