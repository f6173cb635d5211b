import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { ROOT } from './folders.mjs';
import { SetupFault } from './setup-fault.mjs';

/**
 * Builds every package whose sources changed (nx keeps the results of earlier builds).
 * @param {string} nodePath
 * @param {(text: string) => void} note
 * @returns {Promise<void>}
 */
export async function buildPackages(nodePath, note) {
  const nx = join(ROOT, 'node_modules', '.bin', 'nx');
  const args = ['run-many', '--target=build', '--output-style=static'];
  const { status, logFile } = await runLogged('build', nx, args, { nodePath, env: { NX_DAEMON: 'false', NX_TUI: 'false', NO_COLOR: '1' } });
  const output = readFileSync(logFile, 'utf8');
  if (status !== 0) {
    process.stdout.write(output);
    throw new SetupFault(`The build failed: mend the errors above, which also stand in ${logFile}.`);
  }
  note(/target build for (\d+ projects?)/.exec(output)?.[1] ?? '');
}
