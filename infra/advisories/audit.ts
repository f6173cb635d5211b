/** `npm run audit`: asks the registry for advisories on the packages that run in production. */
import { spawnSync } from 'node:child_process';
import { ROOT } from '../launch/folders.mjs';
import { runMain, SetupFault } from '../launch/setup-fault.mjs';
import { type Advisory, advisoriesOf, refusedAdvisories } from './advisories.ts';
import { agreed } from './agreed.ts';

const mostBytes = 64 * 1024 * 1024;

await runMain(() => {
  const advisories = ask();
  const refused = refusedAdvisories(advisories, agreed, new Date().toISOString().slice(0, 10));
  for (const { name, range, severity, title, url } of refused) process.stdout.write(`${name} ${range}: ${severity}. ${title}. ${url}\n`);
  process.stdout.write(refused.length === 0
    ? `✓ No grave advisory that is not agreed to; ${advisories.length} of any kind.\n`
    : '✗ Bring these packages to a version without the fault, or agree to an advisory with a reason and a day in infra/advisories/agreed.ts.\n');
  return Promise.resolve(refused.length === 0 ? 0 : 1);
});

function ask(): Advisory[] {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: ROOT, encoding: 'utf8', maxBuffer: mostBytes });
  try {
    return advisoriesOf(stdout);
  } catch (error) {
    throw new SetupFault(error instanceof Error ? error.message : String(error));
  }
}
