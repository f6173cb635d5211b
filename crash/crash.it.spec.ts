import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
const deadlineMs = 420_000;

/** Plays one scenario on servers of its own, apart from those of the other tests, which must not be killed. */
async function playScenario(...args: readonly string[]): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, CROSSDOCK_STATE: 'crash-short', NODE_OPTIONS: '' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, output };
}

describe('an event under kill -9', () => {
  it('has its effect once and in order, whichever step the process dies at, and with PostgreSQL and Kafka killed as well', async () => {
    const { status, output } = await playScenario('--scenario', 'short', '--seed', '7');
    expect(output).toMatch(/\n✓ .*short.* 9 kills; \d+ events: 0 lost, 0 doubled, 0 out of order; \d+ tasks: 0 lost, 0 doubled, 0 out of order/);
    expect(output).toMatch(/\n1 passed, 0 failed\n/);
    expect(status).toBe(0);
  }, deadlineMs);
});
