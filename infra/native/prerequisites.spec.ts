import { describe, expect, it } from '@jest/globals';
import { diskFault } from './embedded-servers.ts';
import { missingTools } from './maven-download.ts';
import { findDisguise } from './unprivileged.ts';

describe('what the embedded servers need of a machine', () => {
  it('is content with Java 17 and Maven', () => {
    expect(missingTools({ java: '17.0.15', maven: true })).toBeUndefined();
  });

  it.each([
    ['no Java', { java: undefined, maven: true }, /need Docker or Java, and neither was found: start Docker, or install Java 17/],
    ['an old Java', { java: '11.0.27', maven: true }, /needs Java 17 or newer and this machine has 11\.0\.27: start Docker/],
    ['the oldest way to write a Java version', { java: '1.8.0_452', maven: true }, /this machine has 1\.8\.0_452/],
    ['no Maven', { java: '21.0.1', maven: false }, /^Maven, which fetches Kafka and Redis, was not found: start Docker/],
  ])('says in one sentence what to do about %s', (_case, tools, sentence) => {
    expect(missingTools(tools)).toMatch(sentence);
    expect(missingTools(tools)).not.toContain('\n');
  });

  it('is content with two gigabytes of free disk', () => {
    expect(diskFault(2 * 1024 ** 3, '/data')).toBeUndefined();
  });

  it('says how much is free when the disk is too full', () => {
    expect(diskFault(300 * 1024 ** 2, '/data')).toBe('Only 300 MB are free on the disk of /data and the servers need 2 GB: make room, then try again.');
  });
});

describe('running PostgreSQL, which refuses root', () => {
  it('needs nothing where the launcher is not root', () => {
    expect(findDisguise(false, () => false)).toEqual({ prefix: [], ownerId: undefined });
  });

  it('prefers a user namespace, whose files stay with root', () => {
    expect(findDisguise(true, () => true)).toMatchObject({ prefix: expect.arrayContaining(['unshare']), ownerId: 0 });
  });

  it('runs as nobody where user namespaces are forbidden', () => {
    const disguise = findDisguise(true, (prefix) => prefix[0] === 'setpriv');
    expect(disguise).toMatchObject({ prefix: expect.arrayContaining(['setpriv']), ownerId: 65_534 });
  });

  it('says what to do where neither works', () => {
    expect(() => findDisguise(true, () => false)).toThrow('run as an ordinary user, or set DATABASE_URL');
  });
});
