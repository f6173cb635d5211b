import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaClient } from '@crossdock/event-bus';
import { eventually, freePort } from '@crossdock/test-stack';
import type { Kafka } from 'kafkajs';
import { pino } from 'pino';
import { dockerAnswers } from '../compose.ts';
import { javaProgram, provideServers } from '../native/maven-download.ts';
import { serverProperties } from '../native/kafka.ts';
import { Guardian } from '../supervise/guardian-client.ts';
import { ManagedProcess } from '../supervise/managed-process.ts';

/** Whether a broker of one's own can run here: where Docker is what the servers come from, a machine needs no Java. */
export const canRunBroker = spawnSync(javaProgram(process.env), ['-version'], { stdio: 'ignore' }).status === 0 || !dockerAnswers();

/** A real Kafka that speaks TLS only, with users who have passwords and the rights that they are given. */
export class SecuredKafka {
  readonly #users: ReadonlyMap<string, string>;

  private constructor(
    readonly brokers: string, private readonly ca: string, users: ReadonlyMap<string, string>,
    private readonly broker: ManagedProcess, private readonly guardian: Guardian, private readonly folder: string,
  ) {
    this.#users = users;
  }

  /** @param users their names; `create-topics` may do everything. */
  static async start({ certificate, users }: { readonly certificate: { readonly key: string; readonly cert: string }; readonly users: readonly string[] }): Promise<SecuredKafka> {
    const guardian = new Guardian();
    const servers = await provideServers({ guardian, environment: process.env, say: () => undefined, portOffset: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'secured-kafka-'));
    const [port, controllerPort] = [await freePort(), await freePort()];
    const [keyStore, trustStore, settings] = [join(folder, 'broker.pem'), join(folder, 'trusted.pem'), join(folder, 'server.properties')];
    writeFileSync(keyStore, certificate.key + certificate.cert);
    writeFileSync(trustStore, certificate.cert);
    writeFileSync(settings, serverProperties({ port, controllerPort, dataFolder: join(folder, 'data') }) + securityProperties({ port, controllerPort, keyStore, trustStore }));
    const passwords = new Map(['create-topics', ...users].map((name) => [name, randomBytes(12).toString('hex')]));
    const java = ['-Xms64m', '-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', servers.kafkaClassPath];
    const scram = [...passwords].flatMap(([name, password]) => ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password},iterations=4096]`]);
    const { status, stderr } = spawnSync(servers.java, [...java, 'kafka.tools.StorageTool', 'format', '-t', randomUUID(), '-c', settings, ...scram], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Kafka's folder could not be made: ${stderr}`);
    const broker = await ManagedProcess.start({
      program: servers.java, args: [...java, 'kafka.Kafka', settings], environment: { PATH: process.env['PATH'] ?? '' }, logFile: join(folder, 'kafka.log'), guardian, stopSignal: 'SIGTERM', stopDeadlineMs: 10_000,
    });
    const kafka = new SecuredKafka(`localhost:${port}`, certificate.cert, passwords, broker, guardian, folder);
    await eventually('Kafka to answer its administrator', () => kafka.#answers(), 90_000).catch(async (thrown: unknown) => {
      const log = readFileSync(broker.logFile, 'utf8').slice(-3_000);
      await kafka.stop();
      throw new Error(`${String(thrown)} Its log ends: ${log}`);
    });
    return kafka;
  }

  /** How a service reaches it as its user; what is given goes before. */
  settingsOf(user: string): Record<'KAFKA_BROKERS' | 'KAFKA_SECURITY_PROTOCOL' | 'KAFKA_PASSWORD', string> {
    return { KAFKA_BROKERS: this.brokers, KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_PASSWORD: this.#users.get(user) ?? '' };
  }

  /** A client as a user, with another password or in another way where one is given. */
  clientOf(user: string, changed: Partial<Parameters<typeof createKafkaClient>[0]['access']> = {}): Kafka {
    const access = { kafkaBrokers: [this.brokers], kafkaSecurityProtocol: 'SASL_SSL', kafkaPassword: this.#users.get(user) ?? '', serverCa: this.ca, ...changed } as const;
    return createKafkaClient({ service: user, access, logger: pino({ level: 'silent' }) });
  }

  async stop(): Promise<void> {
    await this.broker.stop();
    await this.guardian.close();
    rmSync(this.folder, { recursive: true });
  }

  async #answers(): Promise<boolean> {
    if (!this.broker.isRunning) throw new Error(`Kafka ended with ${await this.broker.ended}.`);
    const admin = this.clientOf('create-topics').admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length > 0;
    } catch {
      return false;
    } finally {
      await admin.disconnect();
    }
  }
}

/** What stands last goes before (java.util.Properties). The controller's own way stays inside the process. */
function securityProperties({ port, controllerPort, keyStore, trustStore }: Readonly<Record<'port' | 'controllerPort', number> & Record<'keyStore' | 'trustStore', string>>): string {
  return [
    `listeners=SASL_SSL://localhost:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=SASL_SSL://localhost:${port}`,
    'listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=SASL_SSL',
    'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512',
    'sasl.enabled.mechanisms=SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${keyStore}`,
    // A broker must trust itself to begin with.
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${trustStore}`,
    'ssl.endpoint.identification.algorithm=',
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found=false',
    'super.users=User:create-topics;User:ANONYMOUS',
    '',
  ].join('\n');
}
