import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOGS, STATE } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import { choosePort } from '../ports.ts';
import { secret } from '../secrets.ts';
import type { DownloadedServers } from './maven-download.ts';
import { probeKafka } from './probes.ts';
import { endLeftoverServer, type RunningServer, type ServerContext, startServer } from './server-start.ts';

const FOLDER = join(STATE, 'kafka');
const DATA = join(FOLDER, 'data');
const SETTINGS = join(FOLDER, 'server.properties');
/** Written when formatting is complete, so that an interrupted one is done again. */
const FORMATTED = join(FOLDER, 'formatted');
const LOGGING = fileURLToPath(new URL('./log4j2.xml', import.meta.url));

/** Starts the embedded Kafka: one node that is broker and controller (KRaft), with its data in `.crossdock/kafka`. */
export async function startKafka(servers: DownloadedServers, { guardian, environment, say, portOffset }: ServerContext): Promise<RunningServer> {
  await endLeftoverServer('kafka');
  const port = await choosePort({ purpose: 'Kafka', variable: 'CROSSDOCK_KAFKA_PORT', preferred: 19_092 + portOffset }, environment, say);
  const controllerPort = await choosePort(
    { purpose: "Kafka's controller", variable: 'CROSSDOCK_KAFKA_CONTROLLER_PORT', preferred: 19_093 + portOffset },
    environment,
    say,
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(SETTINGS, serverProperties({ port, controllerPort, dataFolder: DATA }));
  const java = [`-Dlog4j2.configurationFile=file:${LOGGING}`, '-cp', servers.kafkaClassPath];
  if (!existsSync(FORMATTED)) format(servers.java, java);
  return await startServer(
    {
      name: 'kafka',
      program: servers.java,
      args: ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', ...java, 'kafka.Kafka', SETTINGS],
      environment: { PATH: environment['PATH'] ?? '' },
      stopSignal: 'SIGTERM',
      address: `127.0.0.1:${port}`,
      probe: probeKafka,
    },
    guardian,
  );
}

/** The settings of a single node for local use; both listeners are bound to the loopback address. */
export function serverProperties({ port, controllerPort, dataFolder }: { port: number; controllerPort: number; dataFolder: string }): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'message.max.bytes': 3 * 1024 * 1024,
    'replica.fetch.max.bytes': 3 * 1024 * 1024,
    'log.retention.hours': 168,
    'controlled.shutdown.max.retries': 1,
    // A broker that was killed is let in again only when its former session has run out, 9 s by default.
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 500,
  };
  return `${Object.entries(settings).map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
}

function format(java: string, options: string[]): void {
  rmSync(DATA, { recursive: true, force: true });
  const clusterId = secret('kafkaClusterId', makeClusterId);
  const args = [...options, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', SETTINGS];
  const { status, stdout, stderr } = spawnSync(java, args, { encoding: 'utf8' });
  if (status !== 0) {
    const logFile = join(LOGS, 'kafka-format.log');
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(logFile, `${stdout}${stderr}`);
    throw new SetupFault(`The embedded Kafka could not prepare its data folder: ${logFile} says why.`);
  }
  writeFileSync(FORMATTED, clusterId);
}

/** A cluster's name as Kafka writes it: 16 random bytes in base64url. One that began with a dash would look like an option. */
function makeClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? makeClusterId() : id;
}
