import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { composeEnvironmentOf, composeOf } from './compose-command.mjs';
import { DOWNLOADS, OWN_STATES } from './folders.mjs';
import { isRunning } from './parent-process.mjs';
import { runStep } from './progress.mjs';
import { runMain, SetupFault } from './setup-fault.mjs';

const states = [DOWNLOADS, ...OWN_STATES.map((name) => join(DOWNLOADS, name))];

await runMain(async () => {
  for (const state of states) requireStopped(state);
  for (const state of states) {
    if (existsSync(composeEnvironmentOf(state))) await runStep('Containers', () => removeContainers(state));
  }
  await runStep('Data and downloads', async () => rmSync(DOWNLOADS, { recursive: true, force: true }));
  return 0;
});

/**
 * Data is not pulled away from under running servers.
 * @param {string} state
 */
function requireStopped(state) {
  const lock = join(state, 'run', 'keeper.pid');
  const pid = existsSync(lock) ? Number.parseInt(readFileSync(lock, 'utf8'), 10) : Number.NaN;
  if (Number.isNaN(pid) || !isRunning(pid)) return;
  throw new SetupFault(`Crossdock's servers are in use (process ${pid}): stop \`npm start\`, \`npm test\` or \`npm run test:crash\` first, then clean again.`);
}

/** @param {string} state */
async function removeContainers(state) {
  const { status, logFile } = await runLogged('compose-down', 'docker', [...composeOf(state), 'down', '--volumes']);
  if (status !== 0) throw new SetupFault(`Docker could not remove the containers: ${logFile} says why.`);
}
