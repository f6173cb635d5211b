import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { vendors } from '@crossdock/contracts';
import { ROOT } from '../launch/folders.mjs';

/** A version as vendors write them into paths and headers: `v3`, `v9.2`, `67.0`, `2026-03`, `2018-02-08`. */
const version = /['"`/](v\d+(\.\d+)?|\d{2}\.0|20\d\d-\d\d(-\d\d)?)(?=['"`/])/;

/** What is called: neither comments, nor the names of an SDK's own files. */
function codeOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').split('\n').filter((line) => !/^\s*(\*|\/\*|\/\/|import )/.test(line)).join('\n');
}

describe.each(vendors)('the versions of %s’s interface', (vendor) => {
  // The versions of signatures that webhooks carry are others, and several hold at a time.
  const files = globSync(`libs/vendors/${vendor}/src/**/*.ts`, { cwd: ROOT }).filter((path) => !/\.(spec|fixture)\.ts$|\.webhook-/.test(path));
  const home = `libs/vendors/${vendor}/src/${vendor}.limits.ts`;

  it('stand in one place, beside its limits', () => {
    expect(codeOf(home)).toMatch(version);
    expect(files.filter((path) => path !== home && version.test(codeOf(path)))).toEqual([]);
  });
});
