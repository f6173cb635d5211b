import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireTestServer } from '@crossdock/test-stack';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
/** kafkajs gives a timer a time that is past; 1 ms, which Node takes, is right. */
const quiet = '--disable-warning=TimeoutNegativeWarning';

/** Longer than a scenario takes on a busy machine. */
export const scenarioDeadlineMs = 420_000;

export interface Played {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Plays scenarios, those that kill servers on servers of their own, apart from those of the other tests, which must not be killed.
 * @param state the folder below `.crossdock` for their data and logs
 */
export async function playScenario(state: string, ...args: readonly string[]): Promise<Played> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env, CROSSDOCK_STATE: state, NODE_OPTIONS: quiet,
      DATABASE_URL: requireTestServer('TEST_DATABASE_ADMIN_URL'), KAFKA_BROKERS: requireTestServer('TEST_KAFKA_BROKERS'), REDIS_URL: requireTestServer('TEST_REDIS_URL'),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, output };
}
