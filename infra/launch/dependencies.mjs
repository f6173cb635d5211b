import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { ROOT } from './folders.mjs';
import { SetupFault } from './setup-fault.mjs';

const INSTALLED = join(ROOT, 'node_modules');
const STAMP = join(INSTALLED, '.crossdock-lock');

/**
 * Installs the locked dependencies when they are missing or stale. No package's install script runs: the few that matter
 * only link or check files, which `infra/native` does itself, and so every npm behaves alike.
 * @param {string} nodePath
 * @param {(text: string) => void} note
 * @returns {Promise<void>}
 */
export async function provideDependencies(nodePath, note) {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) {
    note('up to date');
    return;
  }
  const record = join(INSTALLED, '.package-lock.json');
  if (existsSync(record) && installMatchesLock(JSON.parse(lock), JSON.parse(readFileSync(record, 'utf8')))) {
    note('installed already');
  } else {
    note('npm ci; a minute or two with a cold cache');
    await install(nodePath);
    note('installed');
  }
  writeFileSync(STAMP, wanted);
}

/**
 * `npm ci` of npm 11 refuses a lock file that leaves out optional packages for other platforms; `npm install` takes the same
 * versions from it and leaves both package files as they are.
 * @param {string} nodePath
 */
async function install(nodePath) {
  const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']; // also where NODE_ENV says production: the build needs them
  const clean = await runLogged('npm-ci', 'npm', ['ci', ...options], { nodePath });
  if (clean.status === 127) throw new SetupFault('npm was not found: install it, or Node 24.11 or newer which brings it.');
  if (clean.status === 0) return;
  const lenient = await runLogged('npm-install', 'npm', ['install', '--no-save', ...options], { nodePath });
  if (lenient.status === 0) return;
  throw new SetupFault(`npm could not install the dependencies: check the network and the disk, then try again (details: ${lenient.logFile}).`);
}

/**
 * Whether npm's record of what is installed holds every package of the lock file in its version.
 * Packages for other platforms are optional and may be missing.
 * @param {LockFile} lock
 * @param {LockFile} record
 * @returns {boolean}
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} LockFile
 */
export function installMatchesLock(lock, record) {
  return Object.entries(lock.packages).every(([path, locked]) => {
    if (!path.includes('node_modules/')) return true;
    const installed = record.packages[path];
    if (installed === undefined) return locked.optional === true;
    return installed.version === locked.version && installed.integrity === locked.integrity;
  });
}
