import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const CHECK_EVERY_MS = 500;

/**
 * Calls `stop` once the npm that runs this script is gone: npm that is killed leaves its script running.
 * Does nothing where no npm started it.
 * @param {() => void} stop
 */
export function whenNpmDies(stop) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const npm = findNpm();
  if (npm === undefined) return;
  const timer = setInterval(() => {
    if (isRunning(npm)) return;
    clearInterval(timer);
    stop();
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** npm is our parent, or its parent where a shell stands between. */
function findNpm() {
  const parent = look(process.ppid);
  if (parent === undefined || parent.command.includes('npm')) return parent === undefined ? undefined : process.ppid;
  return look(parent.parentId)?.command.includes('npm') === true ? parent.parentId : undefined;
}

/**
 * @param {number} pid
 * @returns {{ parentId: number, command: string } | undefined}
 */
function look(pid) {
  try {
    if (process.platform !== 'linux') {
      const [, parentId, command] = /^\s*(\d+)\s+(.*)/.exec(execFileSync('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' })) ?? [];
      return { parentId: Number(parentId), command: command ?? '' };
    }
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { parentId: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
  } catch {
    return undefined;
  }
}

/**
 * Whether a process of this number is there.
 * @param {number} pid
 */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
