import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Part } from './keeper/keeper-protocol.ts';
import type { KeptServers } from './keeper/kept-servers.ts';
import { composeEnvironmentOf, composeOf } from './launch/compose-command.mjs';
import { LOGS, STATE } from './launch/folders.mjs';
import { SetupFault } from './launch/setup-fault.mjs';
import type { ServerContext } from './native/server-start.ts';
import { choosePort } from './ports.ts';
import { secret, writePrivateFile } from './secrets.ts';
import { ManagedProcess } from './supervise/managed-process.ts';

/** Whether a Docker engine answers and knows Compose. */
export function dockerAnswers(): boolean {
  const ask = (args: string[]): boolean => spawnSync('docker', args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return ask(['version']) && ask(['compose', 'version']);
}

/** PostgreSQL, Kafka and Redis as containers of docker-compose.yml. */
export class ComposeServers implements KeptServers {
  readonly kind = 'compose';
  readonly #context: ServerContext;
  #addresses: Promise<Record<Part, string>> | undefined;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  async start(parts: readonly Part[]): Promise<Partial<Record<Part, string>>> {
    this.#addresses ??= this.#configure();
    const addresses = await this.#addresses;
    this.#context.say('starting the containers (the first time their images are fetched)');
    const how = await this.#run('compose-up', ['up', '--detach', '--wait', ...parts]);
    if (how !== 'exit status 0') throw new SetupFault(`Docker Compose could not start the servers: ${join(LOGS, 'compose-up.log')} says why.`);
    return addresses;
  }

  async kill(part: Part): Promise<void> {
    const how = await this.#run('compose-kill', ['kill', '--signal', 'SIGKILL', part]);
    if (how !== 'exit status 0') throw new SetupFault(`Docker Compose could not kill ${part}: ${join(LOGS, 'compose-kill.log')} says why.`);
  }

  async stop(): Promise<void> {
    if (this.#addresses !== undefined) await this.#run('compose-stop', ['stop']);
    await this.#context.guardian.close();
  }

  async #configure(): Promise<Record<Part, string>> {
    const { environment, say, portOffset } = this.#context;
    // Containers of a crashed run would hold our own ports.
    writePrivateFile(composeEnvironmentOf(STATE), variables({ postgres: 1, kafka: 1, redis: 1 }, '-', '-'));
    await this.#run('compose-stop', ['stop']);
    const ports = {
      postgres: await choosePort({ purpose: 'PostgreSQL', variable: 'CROSSDOCK_POSTGRES_PORT', preferred: 54_329 + portOffset }, environment, say),
      kafka: await choosePort({ purpose: 'Kafka', variable: 'CROSSDOCK_KAFKA_PORT', preferred: 19_092 + portOffset }, environment, say),
      redis: await choosePort({ purpose: 'Redis', variable: 'CROSSDOCK_REDIS_PORT', preferred: 16_379 + portOffset }, environment, say),
    };
    const postgresPassword = secret('postgresSuperuser');
    const redisPassword = secret('redis');
    writePrivateFile(composeEnvironmentOf(STATE), variables(ports, postgresPassword, redisPassword));
    return {
      postgres: `postgres://postgres:${postgresPassword}@127.0.0.1:${ports.postgres}/postgres`,
      kafka: `127.0.0.1:${ports.kafka}`,
      redis: `redis://:${redisPassword}@127.0.0.1:${ports.redis}`,
    };
  }

  async #run(log: string, args: string[]): Promise<string> {
    const { guardian, environment } = this.#context;
    const command = await ManagedProcess.start({
      program: 'docker',
      args: [...composeOf(STATE), ...args],
      environment: { PATH: environment['PATH'] ?? '', HOME: environment['HOME'] ?? '', DOCKER_HOST: environment['DOCKER_HOST'] ?? '' },
      logFile: join(LOGS, `${log}.log`),
      guardian,
      stopSignal: 'SIGTERM',
      stopDeadlineMs: 5_000,
    });
    return await command.ended;
  }
}

function variables(ports: Record<Part, number>, postgresPassword: string, redisPassword: string): string {
  return [
    `CROSSDOCK_POSTGRES_PORT=${ports.postgres}`,
    `CROSSDOCK_POSTGRES_PASSWORD=${postgresPassword}`,
    `CROSSDOCK_KAFKA_PORT=${ports.kafka}`,
    `CROSSDOCK_REDIS_PORT=${ports.redis}`,
    `CROSSDOCK_REDIS_PASSWORD=${redisPassword}`,
    '',
  ].join('\n');
}
