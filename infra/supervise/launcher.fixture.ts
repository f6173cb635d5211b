/** A launcher for tests: starts one child under a guardian, prints the child's process number when it runs, and waits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from '../launch/folders.mjs';
import { Guardian } from './guardian-client.ts';
import { ManagedProcess } from './managed-process.ts';
import { waitFor } from './wait-for.ts';

const kind = process.argv[2] ?? '';
const ignoreSignals = kind === 'stubborn' ? "process.on('SIGTERM', () => undefined);" : '';
const logFile = join(LOGS, `guardian-test-${kind}.log`);
const child = await ManagedProcess.start({
  program: process.execPath,
  args: ['--eval', `${ignoreSignals} setInterval(() => undefined, 1000); console.log('running')`],
  environment: {},
  logFile,
  guardian: new Guardian(),
  stopSignal: 'SIGTERM',
  stopDeadlineMs: 1_000,
});
await waitFor(() => readFileSync(logFile, 'utf8') !== '', 5_000);
process.stdout.write(`${child.pid}\n`);
