import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildPackages } from './build.mjs';
import { provideDependencies } from './dependencies.mjs';
import { ROOT } from './folders.mjs';
import { provideNode } from './node-runtime.mjs';
import { whenNpmDies } from './parent-process.mjs';
import { runStep } from './progress.mjs';

/**
 * Does all set-up that the rest needs, then runs a TypeScript program under the new Node and answers its exit status.
 * Signals go to that program; it also learns, by its closing IPC channel, when this process dies without a word.
 * @param {string} program its file, as seen from infra/
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function setUpAndRun(program, args) {
  const nodePath = await runStep('Node', provideNode);
  await runStep('Dependencies', (note) => provideDependencies(nodePath, note));
  await runStep('Build', (note) => buildPackages(nodePath, note));

  // kafkajs gives a timer a time that is past, and 1 ms is right.
  const child = spawn(nodePath, ['--disable-warning=TimeoutNegativeWarning', join(ROOT, 'infra', program), ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal's Ctrl-C reaches the child by itself too; it takes the first signal and lets repeats pass.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  whenNpmDies(() => child.kill('SIGTERM'));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
