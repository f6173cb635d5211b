import { randomUUID } from 'node:crypto';
import { Controller, Module, type DynamicModule } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventCatalogue, orderChanged, orderReceived, tenantStandingChanged, type EventDefinition, type EventOf, type ServiceName } from '@crossdock/contracts';
import { createTopics, EventPublisher, grantAccess, OnEvent } from '@crossdock/event-bus';
import { createDataSource, createLogger, loadConfig, migrate, serviceConfigShape, startService, type RunningService } from '@crossdock/service-kit';
import { createTestDatabase, eventually, requireTestServer, selfSignedCertificate, type TestDatabase } from '@crossdock/test-stack';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { runOps } from '../ops/ops.ts';
import { canRunBroker, SecuredKafka } from './secured-kafka.fixture.ts';
import { TlsFront } from './tls-front.fixture.ts';

const described = canRunBroker ? describe : describe.skip;
const prefix = 'secured.';
const certificate = selfSignedCertificate('localhost');
const heard: string[] = [];

@Controller()
class Listener {
  @OnEvent(orderReceived)
  async hear({ data }: EventOf<typeof orderReceived>): Promise<void> {
    heard.push(data.externalId);
  }
}

@Module({})
class Probe {
  static with(controllers: NonNullable<DynamicModule['controllers']>): DynamicModule {
    return { module: Probe, controllers };
  }
}

let database: TestDatabase;
let kafka: SecuredKafka;
let postgres: TlsFront;
let redis: TlsFront;
const running = new Map<ServiceName, RunningService>();

/** A service as it is deployed, with all its servers over TLS. */
async function start(name: ServiceName, controllers: NonNullable<DynamicModule['controllers']>): Promise<void> {
  const address = new URL(database.addressFor(name));
  const overTls = (url: string): string => `${postgres.before(url).href}?sslmode=verify-full`;
  await migrate({
    name, adminUrl: overTls(database.adminUrl), serverCa: certificate.cert, role: address.username, password: address.password, schemas: [{ name, migrations: [] }],
  });
  const config = z.object(serviceConfigShape);
  running.set(name, await startService({ name, config, module: () => Probe.with(controllers) }, loadConfig(config, {
    ...kafka.settingsOf(name), KAFKA_TOPIC_PREFIX: prefix, SERVER_CA: certificate.cert, DATABASE_URL: overTls(address.href),
    REDIS_URL: redis.before(requireTestServer('TEST_REDIS_URL').replace(/^redis:/, 'rediss:')).href, PORT: '0', INTERNAL_PORT: '0', AUTH_ISSUER_URL: 'http://127.0.0.1:9',
  }), createLogger(name, 'fatal')));
}

const service = (name: ServiceName): RunningService => {
  const found = running.get(name);
  if (!found) throw new Error(`The service ${name} does not run.`);
  return found;
};

/** What a command of an operator's with these settings ends with and says. */
async function opsWith(settings: Readonly<Record<string, string>>, command: readonly string[]): Promise<string> {
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  const said: string[] = [];
  Object.assign(process.env, settings);
  try {
    const status = await runOps([...command], { print: (text) => void said.push(text), complain: (text) => void said.push(text) });
    return `${status} ${said.join('\n')}`;
  } catch (thrown) {
    return String(thrown);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

described('servers over TLS', () => {
  beforeAll(async () => {
    [kafka, database] = await Promise.all([SecuredKafka.start({ certificate, users: ['gateway', 'orders', 'attribution'] }), createTestDatabase()]);
    [postgres, redis] = await Promise.all([
      TlsFront.start('postgres', new URL(database.adminUrl), certificate), TlsFront.start('at_once', new URL(requireTestServer('TEST_REDIS_URL')), certificate),
    ]);
    const administrator = kafka.clientOf('create-topics');
    await createTopics(administrator, prefix, eventCatalogue.map((definition) => ({ ...definition, partitions: 1 })));
    await grantAccess(administrator, prefix);
    await start('gateway', []);
    await start('orders', [Listener]);
  }, 180_000);

  afterAll(async () => {
    for (const each of running.values()) await each.stop();
    await Promise.all([postgres.stop(), redis.stop(), kafka.stop()]);
    await database.drop();
  });

  it('carry what one service says to another, and both know that their servers are there', async () => {
    const { app } = service('gateway');
    const externalId = randomUUID();
    const data = { connectionId: randomUUID(), vendor: 'woocommerce', change: 'created', externalId, receivedAt: '2026-03-10T00:00:00.000Z', payload: {} } as const;
    await tenantContext.run({ tenantId: randomUUID(), correlationId: randomUUID() }, () => app.get(TenantDatabase).transaction(tenantContext.require().tenantId, (manager) => (
      app.get(EventPublisher).publish(manager, orderReceived, { subject: externalId, data })
    )));
    await eventually('the other service to hear it', () => heard.includes(externalId), 90_000);
    for (const { internalUrl } of running.values()) {
      await eventually('all servers to be up', async () => {
        const { checks } = z.object({ checks: z.record(z.string(), z.unknown()) }).parse(await (await fetch(`${internalUrl}/health/ready`)).json());
        return Object.values(checks).every((state) => state === 'up');
      });
    }
  });

  it('are told nothing where nobody vouches for them, or they have no TLS to offer', async () => {
    const pool = (url: URL, serverCa?: string) => createDataSource({ url: `${url.href}?sslmode=verify-full`, serverCa, schema: 'public', poolSize: 1, applicationName: 'test', entities: [] }).initialize();
    const stranger = selfSignedCertificate('localhost').cert;
    await expect(pool(postgres.before(database.adminUrl))).rejects.toThrow(/self-signed certificate/);
    await expect(pool(postgres.before(database.adminUrl), stranger)).rejects.toThrow(/self-signed certificate/);
    await expect(pool(new URL(database.adminUrl), certificate.cert)).rejects.toThrow(/does not support SSL/);
    const client = new Redis(redis.before(requireTestServer('TEST_REDIS_URL').replace(/^redis:/, 'rediss:')).href, { lazyConnect: true, retryStrategy: () => null, tls: { ca: stranger } });
    const faults: Error[] = [];
    client.on('error', (error: Error) => faults.push(error));
    await expect(client.connect()).rejects.toThrow();
    expect(String(faults)).toMatch(/self-signed certificate/);
    await expect(kafka.clientOf('orders', { serverCa: stranger }).admin().connect()).rejects.toThrow(/self-signed certificate/);
  });

  it('let an operator’s command in at the database whose settings vouch for it, and no other', async () => {
    const tables = (ca: string, mode = 'verify-full'): Promise<string> =>
      opsWith({ DATABASE_ADMIN_URL: `${postgres.before(database.adminUrl).href}?sslmode=${mode}`, SERVER_CA: ca }, ['upkeep', 'tables']);
    expect(await tables(certificate.cert)).toMatch(/^0 TABLE/);
    expect(await tables(selfSignedCertificate('localhost').cert)).toMatch(/self-signed certificate/);
    expect(await tables(certificate.cert, 'require')).toMatch(/other modes do not look who answers/);
  });

  it('let nobody in at Kafka without a user’s password, or in the clear', async () => {
    for (const changed of [{ kafkaPassword: 'guessed' }, { kafkaUsername: 'create-topics' }, { kafkaSecurityProtocol: 'SSL' }, { kafkaSecurityProtocol: 'PLAINTEXT' }] as const) {
      const admin = kafka.clientOf('orders', changed).admin();
      await expect(admin.connect().then(() => admin.listTopics())).rejects.toThrow();
      await admin.disconnect();
    }
  });

  it('let no service say what another one says, nor hear what it does not hear', async () => {
    const say = async (user: ServiceName, { type }: EventDefinition): Promise<void> => {
      const producer = kafka.clientOf(user).producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
      await producer.connect();
      await producer.send({ topic: prefix + type, messages: [{ key: 'forged', value: '{}' }] }).finally(() => producer.disconnect());
    };
    await expect(say('attribution', orderReceived)).rejects.toThrow(/not authorized/i);
    await expect(say('orders', tenantStandingChanged)).rejects.toThrow(/not authorized/i);
    const admin = kafka.clientOf('attribution').admin();
    await admin.connect();
    const seen = await admin.listTopics().finally(() => admin.disconnect());
    const own = eventCatalogue.filter(({ producers, consumers }) => [...producers, ...consumers].includes('attribution')).map(({ type }) => prefix + type);
    expect(seen.toSorted()).toEqual(own.toSorted());
  });

  it('let an operator take a service’s consumers back as that service, by its settings, and as no other one', async () => {
    const topic = prefix + orderChanged.type;
    const producer = kafka.clientOf('orders').producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'known', value: '{}' }] });
    await producer.disconnect();
    let known = 0;
    const consumer = kafka.clientOf('attribution').consumer({ groupId: `${prefix}attribution` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async () => void (known += 1) });
    await eventually('the message to be read', () => known === 1, 60_000);
    await consumer.disconnect();

    const rewind = (user: ServiceName, changed: Readonly<Record<string, string>> = {}): Promise<string> => opsWith(
      { ...kafka.settingsOf(user), KAFKA_USERNAME: user, KAFKA_TOPIC_PREFIX: prefix, SERVER_CA: certificate.cert, ...changed }, ['consumers', 'rewind', 'attribution', '--to', '2026-01-01T00:00:00Z'],
    );
    expect(await rewind('attribution', { KAFKA_SECURITY_PROTOCOL: 'NONE' })).toMatch(/^1 ops: KAFKA_SECURITY_PROTOCOL: must be one of/);
    expect(await rewind('orders')).toMatch(/^1 ops: Kafka at localhost:\d+ did not do it: .* may orders do this/);
    expect(await rewind('attribution', { KAFKA_PASSWORD: 'guessed' })).toMatch(/^1 ops: Kafka at .* may attribution do this/);
    expect(await rewind('attribution')).toMatch(new RegExp(`^0 TOPIC[^]*${topic} +0 +1 +0$`));
    expect(await rewind('attribution')).toMatch(/^0 attribution has read nothing since/);
  });
});
