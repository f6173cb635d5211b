import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientKeyFileSetting } from './client-key-file.ts';
import { publicPartOf } from './es256-key.ts';
import { newKey } from './issuer.fixture.ts';

describe("a service's client key file", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'client-key-'));
    path = join(folder, 'gateway.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('holds one private key', async () => {
    const key = await newKey('gateway-1');
    await writeFile(path, JSON.stringify(key));
    expect(clientKeyFileSetting.parse(path)).toEqual(key);
  });

  it('is named, never quoted, where it is missing or holds something else', async () => {
    expect(faultOf(path)).toBe(`The client key file ${path} cannot be read`);
    for (const content of ['d: verysecret', JSON.stringify(publicPartOf(await newKey('public'))), '{"kty":"oct","k":"verysecret"}']) {
      await writeFile(path, content);
      expect(faultOf(path)).toBe(`The client key file ${path} must hold one private P-256 key as JSON Web Key`);
    }
  });
});

function faultOf(path: string): string | undefined {
  return clientKeyFileSetting.safeParse(path).error?.issues[0]?.message;
}
