import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { bundleOf, migrationOf, TOPIC_JOB } from './bundle/programs.mjs';
import { provideClientKeys } from './client-keys.ts';
import { LOGS, ROOT } from './launch/folders.mjs';
import { SetupFault } from './launch/setup-fault.mjs';
import { databaseAdminUrl, databaseName, databaseUrlOf, runtimeEnvironment } from './service-environment.ts';
import { SERVICES, type Service } from './services.ts';
import type { Stack } from './stack.ts';
import type { Guardian } from './supervise/guardian-client.ts';
import { tailOf } from './supervise/log-tail.ts';
import { ManagedProcess } from './supervise/managed-process.ts';

type Given = Readonly<Record<string, string | undefined>>;

/**
 * Makes on the servers, and on disk, whatever services need and do not have yet: keys, database, topics, schemas with their roles.
 * @param services those whose schemas are made
 */
export async function provision(stack: Stack, given: Given, guardian: Guardian, services: readonly Service[] = SERVICES): Promise<void> {
  await Promise.all([provideClientKeys(), createDatabase(stack, given)]);
  const topics: Job = {
    name: TOPIC_JOB,
    program: bundleOf(TOPIC_JOB),
    environment: { KAFKA_BROKERS: stack.kafkaBrokers, KAFKA_TOPIC_PREFIX: given['KAFKA_TOPIC_PREFIX'] ?? '' },
  };
  const migrations = services.map(({ name }): Job => ({
    name: `migrate-${name}`,
    program: bundleOf(migrationOf(name)),
    environment: {
      DATABASE_ADMIN_URL: databaseAdminUrl(stack.databaseAdminUrl, given),
      DATABASE_URL: databaseUrlOf(name, stack.databaseAdminUrl, given),
    },
  }));
  const waiting = [topics, ...migrations];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await runJob(job, given, guardian);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

type Job = { readonly name: string; readonly program: string; readonly environment: Readonly<Record<string, string>> };

async function runJob({ name, program, environment }: Job, given: Given, guardian: Guardian): Promise<void> {
  if (!existsSync(join(ROOT, program))) throw new SetupFault(`${program} is missing, so ${name} cannot run: build the packages first.`);
  const job = await ManagedProcess.start({
    program: process.execPath,
    args: ['--enable-source-maps', join(ROOT, program)],
    environment: { ...runtimeEnvironment(given), ...environment },
    logFile: join(LOGS, `${name}.log`),
    guardian,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 5_000,
  });
  const how = await job.ended;
  if (how !== 'exit status 0') throw new SetupFault(`${name} failed (${how}); its log ${job.logFile} ends:\n${tailOf(job.logFile)}`);
}

async function createDatabase(stack: Stack, given: Given): Promise<void> {
  const name = databaseName(given);
  const server = new Client({ connectionString: stack.databaseAdminUrl });
  await server.connect();
  try {
    const { rowCount } = await server.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await server.query(`create database ${escapeIdentifier(name)}`);
  } finally {
    await server.end();
  }
}
