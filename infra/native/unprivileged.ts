import { spawnSync } from 'node:child_process';
import { SetupFault } from '../launch/setup-fault.mjs';

/** A prefix for a command line, and the user who owns on disk what the command writes (undefined: whoever runs the launcher). */
export type Disguise = { readonly prefix: readonly string[]; readonly ownerId: number | undefined };

const NOBODY = 65_534;

/** The ways to run a program as someone else than root that need no account of their own, best first. */
const WAYS: readonly Disguise[] = [
  // In a user namespace of its own root is seen as an ordinary user; outside, its files still belong to root.
  { prefix: ['unshare', '--user', '--map-user=1000'], ownerId: 0 },
  // As nobody, who may pass through folders that are root's alone.
  {
    prefix: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
    ownerId: NOBODY,
  },
];

/** PostgreSQL refuses to run as root. Answers how to run it here: plainly where we are not root, else in a disguise that works. */
export function findDisguise(
  isRoot: boolean = process.getuid?.() === 0,
  works: (prefix: readonly string[]) => boolean = changesUser,
): Disguise {
  if (!isRoot) return { prefix: [], ownerId: undefined };
  const way = WAYS.find(({ prefix }) => works(prefix));
  if (way !== undefined) return way;
  throw new SetupFault('PostgreSQL refuses to run as root and neither unshare nor setpriv can change the user here: run as an ordinary user, or set DATABASE_URL to a server of your own.');
}

function changesUser(prefix: readonly string[]): boolean {
  const [program, ...args] = prefix;
  if (program === undefined) return false;
  const { status, stdout } = spawnSync(program, [...args, 'id', '-u'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '0';
}
