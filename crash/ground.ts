import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { runningKeeper } from '../infra/keeper/running-keeper.ts';
import type { Part } from '../infra/keeper/keeper-protocol.ts';
import { LOGS, ROOT, STATE } from '../infra/launch/folders.mjs';
import { SetupFault } from '../infra/launch/setup-fault.mjs';
import { startServers } from '../infra/servers-step.ts';
import { runtimeEnvironment } from '../infra/service-environment.ts';
import type { Stack } from '../infra/stack.ts';
import { Guardian } from '../infra/supervise/guardian-client.ts';
import { tailOf } from '../infra/supervise/log-tail.ts';
import { ManagedProcess } from '../infra/supervise/managed-process.ts';

const REVIVE_TRIES = 10;
const REVIVE_PAUSE_MS = 1_000;

/** The settings that replicas take over from the caller; its servers are never used. */
export type Given = Readonly<Record<string, string | undefined>>;

/** PostgreSQL, Kafka and Redis of the run's own, empty at the start, which it may kill. */
export class Ground {
  readonly stack: Stack;
  readonly given: Given;
  readonly guardian = new Guardian();

  private constructor(stack: Stack, given: Given) {
    this.stack = stack;
    this.given = given;
  }

  static async prepare(environment: Given, say: (sentence: string) => void): Promise<Ground> {
    if (runningKeeper() !== undefined) throw new SetupFault('A crash test of this clone is running already: wait for its end.');
    for (const folder of ['postgres', 'kafka']) rmSync(join(STATE, folder), { recursive: true, force: true });
    const { DATABASE_URL: _database, KAFKA_BROKERS: _kafka, REDIS_URL: _redis, CROSSDOCK_DATABASE: _name, KAFKA_TOPIC_PREFIX: _prefix, ...given } = environment;
    const stack = await startServers(given, say);
    void stack.lost.then(say);
    return new Ground(stack, { LOG_LEVEL: 'warn', ...given });
  }

  /** Kills a server and starts it again, on its data and at its address, after it was away for a while. */
  async restart(part: Part, awayMs: number): Promise<void> {
    await this.stack.kill(part);
    await pause(awayMs);
    for (let tries = 1; ; tries += 1) {
      try {
        await this.stack.revive(part);
        return;
      } catch (error) {
        // A client that tried to connect may hold the server's port for a moment.
        if (tries === REVIVE_TRIES) throw error;
        await pause(REVIVE_PAUSE_MS);
      }
    }
  }

  /** Makes a database. @returns the administrator's URL of it. */
  async createDatabase(name: string): Promise<string> {
    const server = new Client({ connectionString: this.stack.databaseAdminUrl });
    await server.connect();
    await server.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
    await server.end();
    return Object.assign(new URL(this.stack.databaseAdminUrl), { pathname: `/${name}` }).href;
  }

  /** Runs a job of ours to its end. */
  async runJob(name: string, program: string, environment: Readonly<Record<string, string>>): Promise<void> {
    const job = await ManagedProcess.start({
      program: process.execPath,
      args: ['--enable-source-maps', join(ROOT, program)],
      environment: { ...runtimeEnvironment(this.given), ...environment },
      logFile: join(LOGS, `${name}.log`),
      guardian: this.guardian,
      stopSignal: 'SIGTERM',
      stopDeadlineMs: 5_000,
    });
    const how = await job.ended;
    if (how !== 'exit status 0') throw new SetupFault(`${name} failed (${how}); its log ${job.logFile} ends:\n${tailOf(job.logFile)}`);
  }

  async release(): Promise<void> {
    await this.guardian.close();
    await this.stack.stop();
  }
}
