/** `npm test`, after the launcher has set the machine up: lint, unused code and types beside the start of the servers, then all tests. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, runCheck } from './check.ts';
import { ROOT, STATE } from './launch/folders.mjs';
import { runMain } from './launch/setup-fault.mjs';
import { startServers } from './servers-step.ts';
import { stopRequested } from './stop-request.ts';
import { type Counts, countTests, summarise } from './test-counts.ts';

const INTERRUPTED = 130;
const REPORT = join(STATE, 'jest-report.json');
const tool = (...path: string[]): string => join(ROOT, 'node_modules', ...path);

await runMain(async () => await Promise.race([runAll(), stopRequested().then(() => INTERRUPTED)]));

/** Answers the exit status: 0 when everything passed. */
async function runAll(): Promise<number> {
  const [stack, lint, unused, types] = await Promise.all([
    startServers(process.env, (sentence) => process.stdout.write(`  ${sentence}\n`)),
    runCheck({ name: 'lint', args: [tool('eslint', 'bin', 'eslint.js'), '.'] }),
    runCheck({ name: 'unused', args: [tool('knip', 'bin', 'knip.js'), '--tsConfig', 'infra/boundaries/tsconfig.knip.json'] }),
    runCheck({ name: 'types', args: [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'] }),
  ]);
  rmSync(REPORT, { force: true });
  const jestArgs = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', tool('jest', 'bin', 'jest.js'), '--json', `--outputFile=${REPORT}`];
  const tests = await runCheck({ name: 'tests', args: [...jestArgs, ...process.argv.slice(2)] });
  await stack.stop();
  const counts = [countOf(lint), countOf(unused), countOf(types), countTests(readReport(), tests.passed)];
  process.stdout.write(`${summarise(counts)}\n`);
  return counts.every(({ failed }) => failed === 0) ? 0 : 1;
}

function countOf({ passed }: CheckResult): Counts {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function readReport(): unknown {
  return existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : undefined;
}
