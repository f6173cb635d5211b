import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSecret, sealSecret, type SecretPlace } from './secret-sealing.ts';
import { VaultKeys } from './vault-keys.ts';

const entry = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const keys = VaultKeys.parse(entry('k1'));
const place: SecretPlace = ['tenant-1', 'connection-1', 'refresh_token'];

describe('a sealed secret', () => {
  it.each(['', 'token', 'ünï→𝄞', 'x'.repeat(4_096)])('opens in its place: %p', (secret) => {
    expect(openSecret(keys, sealSecret(keys, secret, place), place)).toBe(secret);
  });

  it('does not hold the secret in readable form, and never looks the same twice', () => {
    const [one, two] = [sealSecret(keys, 'canary', place), sealSecret(keys, 'canary', place)];
    expect(one.ciphertext.includes('canary')).toBe(false);
    expect(one.nonce).not.toEqual(two.nonce);
    expect(one.ciphertext).not.toEqual(two.ciphertext);
  });

  it.each<[string, SecretPlace]>([
    ['tenant', ['tenant-2', 'connection-1', 'refresh_token']],
    ['connection', ['tenant-1', 'connection-2', 'refresh_token']],
    ['field', ['tenant-1', 'connection-1', 'access_token']],
    ['split of the same letters', ['tenant-1', 'connection-1refresh', '_token']],
  ])('stays shut at another %s', (_what, elsewhere) => {
    const sealed = sealSecret(keys, 'canary', place);
    expect(() => openSecret(keys, sealed, elsewhere)).toThrow(/does not open/);
  });

  it('stays shut when any byte was changed', () => {
    const sealed = sealSecret(keys, 'canary', place);
    for (let index = 0; index < sealed.ciphertext.length; index += 1) {
      const changed = Buffer.from(sealed.ciphertext);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => openSecret(keys, { ...sealed, ciphertext: changed }, place)).toThrow(/does not open/);
    }
  });

  it('stays shut when it is cut short, even below the length of its tag', () => {
    const sealed = sealSecret(keys, 'canary', place);
    for (const length of [0, 4, 15, 16, sealed.ciphertext.length - 1]) {
      expect(() => openSecret(keys, { ...sealed, ciphertext: sealed.ciphertext.subarray(0, length) }, place)).toThrow(/does not open/);
    }
  });

  it('opens after a rotation as long as its key is still there, and not under the name of another key', () => {
    const old = entry('k1');
    const sealed = sealSecret(VaultKeys.parse(old), 'canary', place);
    const rotated = VaultKeys.parse(`${entry('k2')},${old}`);
    expect(openSecret(rotated, sealed, place)).toBe('canary');
    expect(sealSecret(rotated, 'canary', place).keyId).toBe('k2');
    expect(() => openSecret(VaultKeys.parse(entry('k2')), sealed, place)).toThrow(/"k1", which is not configured/);
    expect(() => openSecret(rotated, { ...sealed, keyId: 'k2' }, place)).toThrow(/does not open/);
  });
});
