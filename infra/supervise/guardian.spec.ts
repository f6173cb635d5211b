import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { signalGroup } from './process-group.ts';
import { waitFor } from './wait-for.ts';

const LAUNCHER = fileURLToPath(new URL('./launcher.fixture.ts', import.meta.url));
const DEADLINE_MS = 10_000;

/** Starts a launcher that starts one child of its own; answers both process numbers. */
async function startLauncher(child: 'obedient' | 'stubborn'): Promise<{ launcherPid: number; childPid: number }> {
  const launcher = spawn(process.execPath, [LAUNCHER, child], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: launcher.stdout })) {
    if (launcher.pid !== undefined) return { launcherPid: launcher.pid, childPid: Number(line) };
  }
  throw new Error('the launcher ended before its child ran');
}

describe('a launcher that is killed without warning', () => {
  it.each(['obedient', 'stubborn'] as const)('leaves no %s child behind', async (kind) => {
    const { launcherPid, childPid } = await startLauncher(kind);
    expect(signalGroup(childPid, 0)).toBe(true);
    process.kill(launcherPid, 'SIGKILL');
    expect(await waitFor(() => !signalGroup(childPid, 0), DEADLINE_MS)).toBe(true);
  });
});
