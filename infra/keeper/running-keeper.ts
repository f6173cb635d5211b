import { fileURLToPath } from 'node:url';
import { commandLineOf, pidIn } from '../supervise/leftover.ts';
import { LOCK_FILE } from './keeper-protocol.ts';

/** The keeper's program; its full path on a command line shows that a process is this clone's keeper. */
export const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url));

/** The process number of this clone's keeper, be it starting, serving or ending; undefined when there is none. */
export function runningKeeper(): number | undefined {
  const pid = pidIn(LOCK_FILE);
  return pid !== undefined && pid !== process.pid && commandLineOf(pid).includes(KEEPER) ? pid : undefined;
}
