import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DOWNLOADS } from '../launch/folders.mjs';

/** Prometheus and its tool for rules. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

const FETCHED = join(DOWNLOADS, 'prometheus');
const fetchTimeoutMs = 120_000;

/**
 * Answers Prometheus where this machine has it, or where its Debian package can be fetched: it is unpacked below
 * `.crossdock` and installed nowhere. Otherwise the sentence that says why not.
 */
export function providePrometheus(): PrometheusPrograms | { readonly missing: string } {
  if (runs('promtool') && runs('prometheus')) return { prometheus: 'prometheus', promtool: 'promtool' };
  const fetched = { prometheus: join(FETCHED, 'usr', 'bin', 'prometheus'), promtool: join(FETCHED, 'usr', 'bin', 'promtool') };
  if (runs(fetched.promtool)) return fetched;
  if (!runs('apt-get') || !runs('dpkg-deb')) return { missing: 'Prometheus is not installed, and this machine knows no Debian packages.' };
  fetchPackage();
  return runs(fetched.promtool) ? fetched : { missing: 'Prometheus is not installed, and its Debian package could not be fetched.' };
}

/** Whoever else fetches it at the same moment has a folder of his own; the last one stays. */
function fetchPackage(): void {
  mkdirSync(DOWNLOADS, { recursive: true });
  const folder = mkdtempSync(join(DOWNLOADS, 'prometheus.unfinished-'));
  const download = (...options: string[]): boolean => succeeds('apt-get', [...options, 'download', 'prometheus'], folder);
  if (!download()) {
    // The machine's own lists of packages are empty or old, and root's to renew: lists of our own serve as well.
    const lists = join(folder, 'lists');
    mkdirSync(join(lists, 'partial'), { recursive: true });
    const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    if (succeeds('apt-get', [...own, 'update'], folder)) download(...own);
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file !== undefined && succeeds('dpkg-deb', ['-x', file, 'unpacked'], folder)) {
    rmSync(FETCHED, { recursive: true, force: true });
    if (!existsSync(FETCHED)) renameSync(join(folder, 'unpacked'), FETCHED);
  }
  rmSync(folder, { recursive: true, force: true });
}

function runs(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function succeeds(program: string, args: readonly string[], folder: string): boolean {
  return spawnSync(program, args, { cwd: folder, stdio: 'ignore', timeout: fetchTimeoutMs }).status === 0;
}
