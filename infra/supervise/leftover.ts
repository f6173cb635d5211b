import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { signalGroup } from './process-group.ts';
import { waitFor } from './wait-for.ts';

const STOP_DEADLINE_MS = 5_000;

/**
 * Ends what a crashed run left behind: the process named by a pid file, provided its command line shows that it is ours
 * (the number may belong to another program by now). Removes the pid file.
 */
export async function endLeftover(pidFile: string, mark: string): Promise<void> {
  const pid = pidIn(pidFile);
  if (pid !== undefined && commandLineOf(pid).includes(mark)) {
    const isGone = (): boolean => !commandLineOf(pid).includes(mark);
    process.kill(pid, 'SIGINT');
    if (!(await waitFor(isGone, STOP_DEADLINE_MS)) && !signalGroup(pid, 'SIGKILL')) process.kill(pid, 'SIGKILL');
    await waitFor(isGone, STOP_DEADLINE_MS);
  }
  rmSync(pidFile, { force: true });
}

/** The process number in the first line of a pid file; undefined when there is none. */
export function pidIn(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** The command line of a running process; empty when there is none with this number. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
