import { randomBytes, randomUUID } from 'node:crypto';
import { Connections, VaultKeys, type NewConnection, type TokenSet } from '@crossdock/connections';
import { envelopeSchema, eventCatalogue, type CrmVendor } from '@crossdock/contracts';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService, type serviceConfigShape, type ServiceDefinition } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { Consumer, Producer } from 'kafkajs';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { crmServiceSchemas } from './crm-service.schema.ts';
import { CrmTenant, type HeardEvent } from './crm-tenant.fixture.ts';

/** An account at the stand-in, as a connection keeps it, with the tokens that it gave. */
export type ConnectedAccount = Pick<NewConnection, 'accountId' | 'settings' | 'endpoint'> & { readonly tokens: TokenSet };

/** A CRM service that runs in this process, before the stand-in of its vendor and among services that speak with it over Kafka. */
export class CrmServiceWorld {
  readonly #topics: TestTopics;
  readonly #producer: Producer;
  readonly #consumer: Consumer;
  readonly #publisher = new EventPublisher('orders', () => undefined);
  readonly #heard: readonly HeardEvent[];
  #isServiceStopped = false;
  readonly vendor: CrmVendor;
  /** Has room for services beside this one. */
  readonly database: TestDatabase;
  readonly service: RunningService;
  readonly sandbox: Sandbox;
  readonly control: SandboxControl;
  readonly connections: Connections;
  readonly tenants: TenantDatabase;
  /** Sees the rows of all tenants. */
  readonly admin: DataSource;
  /** What the service was started with, for a process of its own that takes its place. */
  readonly settings: Readonly<Record<string, string | number>>;

  private constructor(parts: Pick<CrmServiceWorld, 'vendor' | 'database' | 'service' | 'sandbox' | 'control' | 'connections' | 'tenants' | 'admin' | 'settings'> & {
    topics: TestTopics; producer: Producer; consumer: Consumer; heard: readonly HeardEvent[];
  }) {
    this.database = parts.database;
    this.#topics = parts.topics;
    this.#producer = parts.producer;
    this.#consumer = parts.consumer;
    this.#heard = parts.heard;
    this.vendor = parts.vendor;
    this.service = parts.service;
    this.sandbox = parts.sandbox;
    this.control = parts.control;
    this.connections = parts.connections;
    this.tenants = parts.tenants;
    this.admin = parts.admin;
    this.settings = parts.settings;
  }

  /** Starts the service of a vendor; its own settings follow from the address of the stand-ins. */
  static async start<Schema extends z.ZodObject<typeof serviceConfigShape>>(
    vendor: CrmVendor, definition: ServiceDefinition<Schema>, settings: (sandboxUrl: string) => Record<string, string>,
  ): Promise<CrmServiceWorld> {
    const name = `crm-${vendor}` as const;
    const [database, topics, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 })]);
    const databaseUrl = await database.migrateService(name, crmServiceSchemas(name));
    const tenants = new TenantDatabase(await database.connect(databaseUrl, `crm_${vendor}`));
    const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
    const connections = new Connections({
      database: tenants, publisher: new EventPublisher(name, () => undefined), service: name, keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
    });
    const heard: HeardEvent[] = [];
    const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
    await producer.connect();
    const consumer = await listen(topics, (event) => heard.push(event));
    const given = {
      databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
      port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true', ...settings(sandbox.url),
    };
    const service = await startService(definition, definition.config.parse(given), createLogger(name, 'fatal'));
    return new CrmServiceWorld({
      vendor, service, sandbox, control: new SandboxControl(sandbox.url), connections, tenants, admin: await database.connectAsAdmin(`crm_${vendor}`),
      settings: given, database, topics, producer, consumer, heard,
    });
  }

  /** A new tenant with an account that is connected; the service has not heard of it yet. */
  async tenant({ tokens, ...account }: ConnectedAccount): Promise<CrmTenant> {
    const tenantId = randomUUID();
    const connection = await this.tenants.transaction(tenantId, async (manager) => {
      const created = await this.connections.store.create(manager, { tenantId, vendor: this.vendor, ...account });
      await this.connections.tokens.keep(manager, created, tokens);
      return created;
    });
    return new CrmTenant({
      connection, vendor: this.vendor, store: this.connections.store, publisher: this.#publisher,
      producer: this.#producer, topicPrefix: this.#topics.prefix, heard: this.#heard,
    });
  }

  /** Ends the service in this process, so that another process may take its place. */
  async stopService(): Promise<void> {
    if (!this.#isServiceStopped) await this.service.stop();
    this.#isServiceStopped = true;
  }

  async stop(): Promise<void> {
    await this.stopService();
    await Promise.all([this.#producer.disconnect(), this.#consumer.disconnect()]);
    await this.#topics.drop();
    await this.database.drop();
    await this.sandbox.stop();
  }
}

/** All that a CRM service says. */
const said = eventCatalogue.filter(({ producers }) => producers.includes('crm-hubspot'));

/** Hears what a CRM service says to the others. */
async function listen(topics: TestTopics, hear: (event: HeardEvent) => void): Promise<Consumer> {
  const consumer = topics.kafka.consumer({ groupId: `${topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topics: said.map(({ type }) => topics.prefix + type), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { id, tenantid, type, data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      hear({ id, tenantId: tenantid, type, data });
    },
  });
  return consumer;
}

export { RecordTenant } from './records/record-tenant.fixture.ts';
