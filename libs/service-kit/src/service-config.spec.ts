import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loadConfig } from './service-config.ts';

const schema = z.object({ vaultKeys: z.string().min(5), port: z.coerce.number() });
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
  file = join(folder, 'vault-keys');
  writeFileSync(file, 'from the file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a setting', () => {
  it('is read from its variable or from the file that stands in its place', () => {
    expect(loadConfig(schema, { VAULT_KEYS: 'directly', PORT: '1' })).toEqual({ vaultKeys: 'directly', port: 1 });
    expect(loadConfig(schema, { VAULT_KEYS_FILE: file, PORT: '1' })).toEqual({ vaultKeys: 'from the file', port: 1 });
  });

  it('is refused when it is given twice, by a file that is not there, or with a value that does not fit', () => {
    expect(() => loadConfig(schema, { VAULT_KEYS: 'directly', VAULT_KEYS_FILE: file, PORT: '1' })).toThrow(/VAULT_KEYS: is given twice/);
    expect(() => loadConfig(schema, { VAULT_KEYS_FILE: join(folder, 'nowhere'), PORT: '1' })).toThrow(/VAULT_KEYS_FILE: the file cannot be read/);
    expect(() => loadConfig(schema, { PORT: '1' })).toThrow(/VAULT_KEYS: is not set/);
  });
});
