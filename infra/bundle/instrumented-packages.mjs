import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../launch/folders.mjs';

/** OpenTelemetry looks into these when they are required, which it could not do inside of a bundle: they stay packages. */
export const instrumentedPackages = ['pg', 'ioredis'];

/**
 * The folders of these packages and of all that they require, as seen from the repository's root: what bundles need beside themselves.
 * @returns {string[]}
 */
export function foldersOfInstrumentedPackages() {
  /** @type {Set<string>} */
  const folders = new Set();
  const waiting = instrumentedPackages.map((name) => ({ name, from: ROOT }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = folderOf(next.name, next.from);
    if (folders.has(folder)) continue;
    folders.add(folder);
    /** @type {{ dependencies?: Record<string, string> }} */
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    waiting.push(...Object.keys(dependencies).map((name) => ({ name, from: folder })));
  }
  return [...folders].map((folder) => relative(ROOT, folder)).sort();
}

/**
 * As Node looks for a package.
 * @param {string} name
 * @param {string} from
 * @returns {string}
 */
function folderOf(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (from === ROOT) throw new Error(`${name} is not installed.`);
  return folderOf(name, dirname(from));
}
