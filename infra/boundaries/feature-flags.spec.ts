import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { flags } from '@crossdock/feature-flags';
import { ROOT } from '../launch/folders.mjs';

/** What services and libraries say, but for the library of flags itself and tests. */
const sources = ['apps', 'libs'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture|conformance)\.ts$|(^|\/)(node_modules|dist)\/|^feature-flags\//.test(file)).map((file) => readFileSync(join(ROOT, folder, file), 'utf8')));

describe('each feature flag', () => {
  it.each(Object.keys(flags))('%s is asked for somewhere', (flag) => {
    // Those of vendors are asked for by one line.
    const asked = flag.startsWith('connect-') ? 'isOn(`connect-${' : `isOn('${flag}'`;
    expect(sources.some((source) => source.includes(asked))).toBe(true);
  });
});
