import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../launch/folders.mjs';
import { bundleOf, migrationOf } from './programs.mjs';

describe('a bundled program', () => {
  it('names the lines of our sources where it fails', () => {
    const malformed = 'postgres://%zz:secret@127.0.0.1/nothing';
    const { status, stderr } = spawnSync(process.execPath, ['--enable-source-maps', join(ROOT, bundleOf(migrationOf('orders')))], {
      encoding: 'utf8', env: { PATH: process.env['PATH'], DATABASE_ADMIN_URL: malformed, DATABASE_URL: malformed },
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('URIError') });
    expect(stderr).toMatch(/libs\/service-kit\/src\/migrate-service\.ts:\d+/);
    expect(stderr).toMatch(/apps\/orders\/src\/migrate\.ts:\d+/);
  });
});
