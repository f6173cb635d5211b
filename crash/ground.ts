import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { Client, escapeIdentifier } from 'pg';
import { dropDatabase } from '../infra/drop-database.ts';
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

/** The settings that replicas take over from the caller. */
export type Given = Readonly<Record<string, string | undefined>>;

/** PostgreSQL, Kafka and Redis: of the run's own, empty at the start, which it may kill; or the caller's, with a database and topics of the run's own. */
export class Ground {
  readonly stack: Stack;
  readonly given: Given;
  /** Put before topics and consumer groups. */
  readonly topicPrefix: string;
  readonly guardian = new Guardian();
  /** The database of a run on servers that are not its own. */
  readonly #guestDatabase: string | undefined;

  private constructor(stack: Stack, given: Given, guestDatabase?: string) {
    this.stack = stack;
    this.given = given;
    this.topicPrefix = given['KAFKA_TOPIC_PREFIX'] ?? '';
    this.#guestDatabase = guestDatabase;
  }

  /** @param killsServers whether servers of the run's own are needed */
  static async prepare(environment: Given, say: (sentence: string) => void, { killsServers }: { readonly killsServers: boolean }): Promise<Ground> {
    const { DATABASE_URL: database, KAFKA_BROKERS: kafka, REDIS_URL: redis, CROSSDOCK_DATABASE: _name, KAFKA_TOPIC_PREFIX: _prefix, ...rest } = environment;
    const given = { LOG_LEVEL: 'warn', ...rest };
    if (!killsServers && database && kafka && redis) {
      const name = `crash_${randomBytes(4).toString('hex')}`;
      const asGuest = { ...given, DATABASE_URL: database, KAFKA_BROKERS: kafka, REDIS_URL: redis, CROSSDOCK_DATABASE: name, KAFKA_TOPIC_PREFIX: `${name}.` };
      return new Ground(await startServers(asGuest, say), asGuest, name);
    }
    if (runningKeeper() !== undefined) throw new SetupFault('A crash test of this clone is running already: wait for its end.');
    for (const folder of ['postgres', 'kafka']) rmSync(join(STATE, folder), { recursive: true, force: true });
    const stack = await startServers(given, say);
    void stack.lost.then(say);
    return new Ground(stack, given);
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
    if (this.#guestDatabase !== undefined) await Promise.all([dropDatabase(this.stack.databaseAdminUrl, this.#guestDatabase), this.#dropTopics()]);
    await this.stack.stop();
  }

  async #dropTopics(): Promise<void> {
    const admin = new Kafka({ clientId: 'crash-ground', brokers: this.stack.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(this.topicPrefix)) });
    await admin.disconnect();
  }
}
