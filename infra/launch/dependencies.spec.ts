import { describe, expect, it } from '@jest/globals';
import { installMatchesLock } from './dependencies.mjs';

const pg = { version: '8.23.1', integrity: 'sha512-pg' };
const lock = { packages: { '': {}, 'libs/contracts': {}, 'node_modules/pg': pg, 'node_modules/swc-darwin': { version: '1.0.0', optional: true } } };

describe('telling whether the installed packages are those of the lock file', () => {
  it('takes an install for current that lacks only optional packages', () => {
    expect(installMatchesLock(lock, { packages: { 'node_modules/pg': pg } })).toBe(true);
  });

  it('takes it for stale when a package is missing', () => {
    expect(installMatchesLock(lock, { packages: {} })).toBe(false);
  });

  it('takes it for stale when a package has another version', () => {
    expect(installMatchesLock(lock, { packages: { 'node_modules/pg': { ...pg, version: '8.22.0' } } })).toBe(false);
  });

  it('takes it for stale when a package of the same version has another content', () => {
    expect(installMatchesLock(lock, { packages: { 'node_modules/pg': { ...pg, integrity: 'sha512-other' } } })).toBe(false);
  });

  it('takes it for stale when an optional package is there in another version', () => {
    const record = { packages: { 'node_modules/pg': pg, 'node_modules/swc-darwin': { version: '0.9.0' } } };
    expect(installMatchesLock(lock, record)).toBe(false);
  });
});
