import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends a process and everything it started by SIGKILL, the process first, so that it cannot start more. A signal to its
 * group would miss what leads a group of its own, as PostgreSQL's backends do.
 */
export function killFamily(pid: number): void {
  const parents = parentsOfAll();
  const family = [pid];
  for (const member of family) family.push(...[...parents].flatMap(([child, parent]) => (parent === member ? [child] : [])));
  for (const member of family) {
    try {
      process.kill(member, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

/** Each process of this machine with its parent. */
function parentsOfAll(): Map<number, number> {
  if (process.platform === 'linux') return new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentOf(name)]));
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return new Map(list.trim().split('\n').map((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return [child ?? 0, parent ?? 0];
  }));
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0; // it has ended
  }
}
