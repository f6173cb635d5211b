import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { buildPackages } from './build.mjs';
import { provideDependencies } from './dependencies.mjs';
import { ROOT } from './folders.mjs';
import { provideNode } from './node-runtime.mjs';
import { runStep } from './progress.mjs';

const PARENT_CHECK_EVERY_MS = 500;

/**
 * Does all set-up that the rest needs, then runs a TypeScript program of infra/ under the new Node and answers its exit status.
 * Signals go to that program; it also learns, by its closing IPC channel, when this process dies without a word.
 * @param {string} program file name in infra/
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function setUpAndRun(program, args) {
  const nodePath = await runStep('Node', provideNode);
  await runStep('Dependencies', (note) => provideDependencies(nodePath, note));
  await runStep('Build', (note) => buildPackages(nodePath, note));

  const child = spawn(nodePath, [join(ROOT, 'infra', program), ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal's Ctrl-C reaches the child by itself too; it takes the first signal and lets repeats pass.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  stopWhenNpmDies(() => child.kill('SIGTERM'));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * `npm start` that is killed leaves its script running; a change of the parent process shows it.
 * @param {() => void} stop
 */
function stopWhenNpmDies(stop) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_EVERY_MS);
  timer.unref();
}
