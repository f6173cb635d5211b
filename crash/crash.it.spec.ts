import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
const deadlineMs = 420_000;
/** kafkajs gives a timer a time that is past; 1 ms, which Node takes, is right. */
const quiet = '--disable-warning=TimeoutNegativeWarning';

/** Plays one scenario on servers of its own, apart from those of the other tests, which must not be killed. */
async function playScenario(...args: readonly string[]): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, CROSSDOCK_STATE: 'crash-short', NODE_OPTIONS: quiet },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, output };
}

describe('the crash test in its short form', () => {
  let played: Awaited<ReturnType<typeof playScenario>>;

  beforeAll(async () => {
    played = await playScenario('--scenario', 'short', '--seed', '7');
  }, deadlineMs);

  it('finds each effect once and in order, whichever step a process dies at, and with PostgreSQL and Kafka killed as well', () => {
    expect(played.output).toMatch(/\n✓ .*short.* 9 kills; \d+ events: 0 lost, 0 doubled, 0 out of order; \d+ tasks: 0 lost, 0 doubled, 0 out of order/);
  });

  it('finds effects lost and doubled where a consumer is made wrong', () => {
    expect(played.output).toMatch(/\n✓ careless.* 2 kills; found, as it must be: \d+ events: [1-9]\d* lost, [1-9]\d* doubled, \d+ out of order; \d+ tasks: 0 lost, 0 doubled, 0 out of order/);
  });

  it('passes', () => {
    expect(played.output).toMatch(/\n2 passed, 0 failed\n/);
    expect(played.status).toBe(0);
  });
});
