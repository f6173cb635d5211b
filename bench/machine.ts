import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { ROOT } from '../infra/launch/folders.mjs';
import type { Stack } from '../infra/stack.ts';

/** Where a benchmark ran, so that its figures can be read. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly postgresql: string;
  readonly kafka: string;
  readonly crossdock: string;
}

export async function describeMachine({ databaseAdminUrl, kind }: Stack): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    postgresql: await describePostgres(databaseAdminUrl),
    // Kafka tells nobody its version; ours is pinned.
    kafka: kind === 'given' ? 'given' : pinnedKafkaVersion(),
    crossdock: z.object({ version: z.string() }).parse(JSON.parse(read('package.json'))).version,
  };
}

/** With the settings that make a commit durable: figures without them would mean nothing. */
async function describePostgres(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: [row] } = await client.query<Record<'version' | 'fsync' | 'commit', string>>(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`);
    if (row === undefined) throw new Error('PostgreSQL does not tell its settings.');
    return `${row.version}, fsync ${row.fsync}, synchronous_commit ${row.commit}`;
  } finally {
    await client.end();
  }
}

function pinnedKafkaVersion(): string {
  return /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(read('infra', 'native', 'pom.xml'))?.[1] ?? 'unknown';
}

function read(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}
