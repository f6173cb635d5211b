/** `npm test`, after the launcher has set the machine up: unused code beside the start of the servers, then all tests, with types and lint beside all of it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, runCheck } from './check.ts';
import { ROOT, STATE } from './launch/folders.mjs';
import { runMain } from './launch/setup-fault.mjs';
import { startServers } from './servers-step.ts';
import { stopRequested } from './stop-request.ts';
import { type Counts, countTests, summarise } from './test-counts.ts';

const INTERRUPTED = 130;
/** Node's own modules as a virtual machine holds them are experimental; kafkajs gives a timer a time that is past, and 1 ms is right. */
const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
/** What types and lint know of everything at once takes nearly four gigabytes, where Node's own bound may lie as well. */
const roomForTypes = '--max-old-space-size=6144';
const tool = (...path: string[]): string => join(ROOT, 'node_modules', ...path);

await runMain(async () => await Promise.race([runAll(), stopRequested().then(() => INTERRUPTED)]));

/** Answers the exit status: 0 when everything passed. */
async function runAll(): Promise<number> {
  // The longest of the checks: it goes on beside the tests, and takes what of the cores they leave.
  const typesAndLint = runCheck({ name: 'types and lint', args: [roomForTypes, join(ROOT, 'infra', 'types-and-lint.ts')] });
  const [stack, unused] = await Promise.all([
    startServers(process.env, (sentence) => process.stdout.write(`  ${sentence}\n`)),
    runCheck({ name: 'unused', args: [tool('knip', 'bin', 'knip.js'), '--tsConfig', 'infra/boundaries/tsconfig.knip.json'] }),
  ]);
  const asked = process.argv.slice(2);
  const tests = [await runTests('tests', asked.length > 0 ? asked : ['--testPathIgnorePatterns=<rootDir>/crash/'])];
  const checks = [await typesAndLint, unused];
  // The crash test kills where time shows: nothing else runs beside it.
  if (asked.length === 0) tests.push(await runTests('crash', ['crash/']));
  await stack.stop();
  const counts = [...checks.map(countOf), ...tests];
  process.stdout.write(`${summarise(counts)}\n`);
  return counts.every(({ failed }) => failed === 0) ? 0 : 1;
}

function countOf({ passed }: CheckResult): Counts {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runTests(name: string, args: readonly string[]): Promise<Counts> {
  const report = join(STATE, `jest-${name}.json`);
  rmSync(report, { force: true });
  const jest = ['--experimental-vm-modules', ...quiet, tool('jest', 'bin', 'jest.js'), '--json', `--outputFile=${report}`];
  const { passed } = await runCheck({ name, args: [...jest, ...args] });
  return countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) as unknown : undefined, passed);
}
