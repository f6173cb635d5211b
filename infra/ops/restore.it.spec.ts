import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { orderReceived, type EventOf } from '@crossdock/contracts';
import { EventInbox, EventProcessor, EventPublisher, KafkaEventTransport, OutboxRelay, recordPartitioner, type EventContext } from '@crossdock/event-bus';
import { createDataSource, migrate } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestTopics, eventually, type TestTopics } from '@crossdock/test-stack';
import { runOps } from './ops.ts';
import { RestorablePostgres } from './restorable-postgres.fixture.ts';

const tenantId = '0198f000-0000-7000-8000-000000000001';
const logger = pino({ level: 'silent' });
const password = randomBytes(12).toString('hex');

let folder: string;
let topics: TestTopics;
const servers: RestorablePostgres[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restore-'));
  topics = await createTestTopics();
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
  await topics.drop();
});

/** A service that says events and hears them itself, on the tables of one server. */
class Service {
  readonly #admin: DataSource;
  readonly #own: DataSource;
  readonly #tenants: TenantDatabase;
  #relay: OutboxRelay | undefined;
  #transport: KafkaEventTransport | undefined;

  private constructor(admin: DataSource, own: DataSource) {
    this.#admin = admin;
    this.#own = own;
    this.#tenants = new TenantDatabase(own);
  }

  static async on(server: RestorablePostgres, isNew: boolean): Promise<Service> {
    const connect = (url: string): Promise<DataSource> => createDataSource({ url, schema: 'orders', poolSize: 6, applicationName: 'restore', entities: [] }).initialize();
    if (isNew) await migrate({ name: 'orders', adminUrl: server.url, role: 'orders', password, schemas: [{ name: 'orders', migrations: [] }] });
    const admin = await connect(server.url);
    if (isNew) await admin.query('CREATE TABLE effect (event_id uuid NOT NULL); GRANT ALL ON effect TO orders');
    return new Service(admin, await connect(Object.assign(new URL(server.url), { username: 'orders', password }).href));
  }

  startRelay(): void {
    this.#relay = new OutboxRelay({
      database: this.#tenants, producer: topics.kafka.producer({ createPartitioner: recordPartitioner, allowAutoTopicCreation: false }), topicPrefix: topics.prefix, logger, metrics: new Registry(),
    });
    this.#relay.start();
  }

  async stopRelay(): Promise<void> {
    await this.#relay?.stop();
    this.#relay = undefined;
  }

  listen(): void {
    const processor = new EventProcessor({
      database: this.#tenants, inbox: new EventInbox(this.#tenants, 'orders'), consumer: 'orders', logger, metrics: new Registry(), isRetriedForever: () => true,
    });
    this.#transport = new KafkaEventTransport({ kafka: topics.kafka, group: `${topics.prefix}orders`, topicPrefix: topics.prefix, processor, logger });
    this.#transport.addHandler(orderReceived.type, async (event: EventOf<typeof orderReceived>, { manager }: EventContext) => {
      await manager.query('INSERT INTO effect (event_id) VALUES ($1)', [event.id]);
    }, true);
    this.#transport.listen(() => undefined);
  }

  async say(count: number): Promise<void> {
    const publisher = new EventPublisher('gateway', () => undefined);
    await tenantContext.run({ tenantId, correlationId: tenantId }, () => this.#tenants.transaction(tenantId, async (manager) => {
      for (let index = 0; index < count; index += 1) {
        await publisher.publish(manager, orderReceived, {
          subject: `order/${index % 7}`,
          data: { vendor: 'woocommerce', connectionId: tenantId, change: 'created', externalId: String(index), receivedAt: '2026-01-01T00:00:00.000Z', payload: {} },
        });
      }
    }));
  }

  async count(table: 'effect' | 'outbox' | 'inbox'): Promise<number> {
    const [row] = await this.#admin.query<Array<{ count: number }>>(`SELECT count(*)::int AS count FROM ${table}`);
    return row?.count ?? 0;
  }

  async countDistinctEffects(): Promise<number> {
    const [row] = await this.#admin.query<Array<{ count: number }>>('SELECT count(DISTINCT event_id)::int AS count FROM effect');
    return row?.count ?? 0;
  }

  async stop(): Promise<void> {
    await this.stopRelay();
    await this.#transport?.close();
    await this.#own.destroy();
    await this.#admin.destroy();
  }
}

async function rewind(to: Date): Promise<string> {
  const printed: string[] = [];
  const said = (text: string): void => void printed.push(text);
  await runOps(['consumers', 'rewind', 'orders', '--to', to.toISOString(), '--brokers', topics.brokers.join(','), '--prefix', topics.prefix], { print: said, complain: said });
  return printed.join('\n');
}

it('a database that is restored from a backup and hears again what Kafka has told since loses no event, and none has its effect twice', async () => {
  const first = await RestorablePostgres.create(folder);
  servers.push(first);
  const before = await Service.on(first, true);
  before.startRelay();
  before.listen();
  await before.say(50);
  await eventually('50 effects', async () => await before.count('effect') === 50);

  await before.stopRelay();
  await before.say(20); // these wait in the outbox while the backup is made, and are told after it
  const backedUpAt = new Date();
  const backup = await first.backUp();
  before.startRelay();
  await before.say(30);
  await eventually('100 effects', async () => await before.count('effect') === 100);
  expect(await rewind(backedUpAt)).toContain('stop the service first');
  await before.stop();
  await first.lose();

  const second = await first.restore(backup);
  servers.push(second);
  const after = await Service.on(second, false);
  expect([await after.count('effect'), await after.count('inbox'), await after.count('outbox')]).toEqual([50, 50, 20]);

  // A minute too much does no harm: the inbox knows what it had.
  expect(await eventually('the group to be empty', async () => {
    const said = await rewind(new Date(backedUpAt.getTime() - 60_000));
    return !said.includes('stop the service first') && said;
  })).toMatch(/^TOPIC +PARTITION +FROM +TO\n.*commerce\.order\.received\.v1 /);
  after.startRelay();
  after.listen();
  await eventually('100 effects again', async () => await after.count('effect') >= 100 && await after.count('outbox') === 0);
  await after.say(1);
  await eventually('what is said last', async () => await after.countDistinctEffects() === 101);
  expect([await after.count('effect'), await after.count('inbox')]).toEqual([101, 101]);
  await after.stop();
}, 240_000);
