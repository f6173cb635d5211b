import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { COMPOSE, COMPOSE_ENVIRONMENT } from './compose-command.mjs';
import { STATE } from './folders.mjs';
import { isRunning } from './parent-process.mjs';
import { runStep } from './progress.mjs';
import { runMain, SetupFault } from './setup-fault.mjs';

await runMain(async () => {
  requireStopped();
  if (existsSync(COMPOSE_ENVIRONMENT)) await runStep('Containers', removeContainers);
  await runStep('Data and downloads', async () => rmSync(STATE, { recursive: true, force: true }));
  return 0;
});

/** Data is not pulled away from under running servers. */
function requireStopped() {
  const lock = join(STATE, 'run', 'keeper.pid');
  const pid = existsSync(lock) ? Number.parseInt(readFileSync(lock, 'utf8'), 10) : Number.NaN;
  if (Number.isNaN(pid) || !isRunning(pid)) return;
  throw new SetupFault(`Crossdock's servers are in use (process ${pid}): stop \`npm start\` or \`npm test\` first, then clean again.`);
}

async function removeContainers() {
  const { status, logFile } = await runLogged('compose-down', 'docker', [...COMPOSE, 'down', '--volumes']);
  if (status !== 0) throw new SetupFault(`Docker could not remove the containers: ${logFile} says why.`);
}
