import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LOGS, ROOT } from './launch/folders.mjs';
import { printLine, withSignsOfLife } from './launch/progress.mjs';

/** One check of `npm test`, run as a process of its own. */
export type Check = { readonly name: string; readonly args: readonly string[] };

export type CheckResult = { readonly passed: boolean; readonly output: string };

/** Runs a check under this Node to its end and prints its line, and all it said where it failed; the output is kept in `.crossdock/logs` as well. */
export async function runCheck({ name, args }: Check): Promise<CheckResult> {
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, `test-${name}.log`);
  const log = openSync(logFile, 'w');
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', log, log] });
  const endChild = (): void => void child.kill();
  process.once('exit', endChild);
  const status = await withSignsOfLife(name, () => '', () => new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  }));
  process.off('exit', endChild);
  closeSync(log);
  const result = { passed: status === 0, output: readFileSync(logFile, 'utf8') };
  printLine(result.passed ? '✓' : '✗', name, startedMs, result.passed ? 'passed' : 'failed');
  if (!result.passed) process.stdout.write(`${result.output.trimEnd()}\n`);
  return result;
}
