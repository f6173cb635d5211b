import { describe, expect, it } from '@jest/globals';
import { originOf } from './application-domains.ts';

describe('the application of a domain', () => {
  it('is served by https at the usual port, whatever the sign-on pages are served by', () => {
    expect(['https://login.example.com', 'http://login.localhost:8080'].map((signOnUrl) => originOf('app.example.com', signOnUrl))).toEqual(['https://app.example.com', 'https://app.example.com']);
  });

  it('is beside the sign-on pages under localhost', () => {
    expect(originOf('app.localhost', 'http://login.localhost:8080')).toBe('http://app.localhost:8080');
    expect(originOf('app.localhost', 'https://login.example.com')).toBe('https://app.localhost');
  });
});
