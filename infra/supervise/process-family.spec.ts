import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { killFamily } from './process-family.ts';
import { signalGroup } from './process-group.ts';
import { waitFor } from './wait-for.ts';

const DEADLINE_MS = 10_000;
const wait = 'setInterval(() => undefined, 1000)';
/** A child that leads a process group of its own, as PostgreSQL's backends do. */
const parent = `console.log(require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(wait)}], { detached: true, stdio: 'ignore' }).pid); ${wait}`;

describe('killing a process with all it started', () => {
  it('reaches a child that has left its group', async () => {
    const process_ = spawn(process.execPath, ['--eval', parent], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(process_.stdout, 'data') as [Buffer];
    const childPid = Number(line.toString());
    expect(signalGroup(childPid, 0)).toBe(true);

    killFamily(process_.pid ?? 0);
    expect(await waitFor(() => process_.signalCode === 'SIGKILL' && !signalGroup(childPid, 0), DEADLINE_MS)).toBe(true);
  });

  it('is content where it has ended already', () => {
    expect(() => killFamily(2 ** 30)).not.toThrow();
  });
});
