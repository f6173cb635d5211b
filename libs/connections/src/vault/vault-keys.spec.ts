import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { vaultKeysSetting } from './vault-keys.setting.ts';
import { VaultKeys } from './vault-keys.ts';

const key = () => randomBytes(32).toString('base64');

describe('the setting that holds the vault keys', () => {
  it('names the current key first and keeps the older ones', () => {
    const keys = VaultKeys.parse(`k2:${key()}, k1:${key()}`);
    expect(keys.currentKeyId).toBe('k2');
    expect(keys.keyFor('k1', 'tenant')).toHaveLength(32);
    expect(keys.keyFor('k3', 'tenant')).toBeUndefined();
  });

  it('gives every scope a key of its own', () => {
    const keys = VaultKeys.parse(`k1:${key()}`);
    expect(keys.keyFor('k1', 'a')).not.toEqual(keys.keyFor('k1', 'b'));
    expect(keys.keyFor('k1', 'a')).toEqual(keys.keyFor('k1', 'a'));
  });

  it.each([
    ['empty', ''],
    ['without id', randomBytes(32).toString('base64')],
    ['too short', `k1:${randomBytes(16).toString('base64')}`],
    ['too long', `k1:${randomBytes(64).toString('base64')}`],
    ['with a trailing comma', `k1:${key()},`],
  ])('is refused when %s, without repeating its value', (_what, setting) => {
    const parse = () => VaultKeys.parse(setting);
    expect(parse).toThrow(/Vault key \d/);
    if (setting.length > 8) expect(parse).not.toThrow(setting.slice(4, 20));
  });

  it('is refused when an id comes twice', () => {
    expect(() => VaultKeys.parse(`k1:${key()},k1:${key()}`)).toThrow(/same id/);
  });

  it('is read by the services’ configuration, which says what is wrong without repeating the value', () => {
    expect(vaultKeysSetting.parse(`k2:${key()},k1:${key()}`).currentKeyId).toBe('k2');
    const secret = randomBytes(31).toString('base64');
    const { success, error } = vaultKeysSetting.safeParse(`k1:${key()},k2:${secret}`);
    expect(success).toBe(false);
    expect(error?.issues.map(({ message }) => message)).toEqual(['Vault key 2 must be written as keyId:base64 with exactly 32 bytes.']);
    expect(JSON.stringify(error)).not.toContain(secret);
  });
});
