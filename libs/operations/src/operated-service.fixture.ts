import { randomUUID } from 'node:crypto';
import { Controller, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { Failure, orderReceived, type EventOf } from '@crossdock/contracts';
import { EventPublisher, OnEvent, type EventConcern, type EventContext } from '@crossdock/event-bus';
import { createLogger, serviceConfigShape, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { defineJobKind, defineTaskKind, Jobs, TaskQueue, TaskRegistry, type RunningJob } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

type OrderReceived = EventOf<typeof orderReceived>;

const call = defineTaskKind({ kind: 'test.call', schema: z.looseObject({ note: z.string() }), maxAttempts: 1 });

const sort = defineJobKind({ kind: 'test.sort', input: z.object({ shelfId: z.uuid() }), checkpoint: z.object({}) });

/** What the service under test does with an order, a task and a job; a test changes it as a mended release would. */
export interface Behaviour {
  /** Which orders it has anything to do for. */
  concerns: EventConcern;
  onOrder: (event: OrderReceived) => Promise<void>;
  onTask: (recordKey: string) => Promise<void>;
  onJob: (job: RunningJob) => Promise<void>;
}

/** A service that counts in a table how often it has applied each order: a second effect would show. */
function moduleWith(behaviour: Behaviour): DynamicModule {
  @Controller()
  class Orders {
    @OnEvent(orderReceived)
    async onOrder(event: OrderReceived, context: EventContext): Promise<void> {
      await behaviour.onOrder(event);
      await context.manager.query(
        `INSERT INTO projection (tenant_id, record, times) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, record) DO UPDATE SET times = projection.times + 1`,
        [event.tenantid, event.subject],
      );
    }
  }

  class Calls implements OnModuleInit {
    readonly #registry: TaskRegistry;
    readonly #jobs: Jobs;

    constructor(registry: TaskRegistry, jobs: Jobs) {
      this.#registry = registry;
      this.#jobs = jobs;
    }

    onModuleInit(): void {
      this.#jobs.register(sort, (job) => behaviour.onJob(job));
      this.#registry.register(call, async (batch) => {
        for (const task of batch.tasks) {
          await behaviour.onTask(task.recordKey);
          await batch.settle(task);
        }
      });
    }
  }

  @Module({})
  class OperatedModule {}
  return {
    module: OperatedModule,
    controllers: [Orders],
    providers: [{ provide: Calls, useFactory: (registry: TaskRegistry, jobs: Jobs) => new Calls(registry, jobs), inject: [TaskRegistry, Jobs] }],
  };
}

/** A running service with operations, and what its tests do with it. */
export class OperatedService {
  readonly admin: DataSource;
  readonly topics: TestTopics;
  readonly behaviour: Behaviour;
  readonly #database: TestDatabase;
  readonly #issuer: IssuerFixture;
  readonly #databaseUrl: string;
  #service: RunningService | undefined;

  private constructor(parts: { admin: DataSource; topics: TestTopics; database: TestDatabase; issuer: IssuerFixture; databaseUrl: string }) {
    this.admin = parts.admin;
    this.topics = parts.topics;
    this.#database = parts.database;
    this.#issuer = parts.issuer;
    this.#databaseUrl = parts.databaseUrl;
    this.behaviour = { concerns: () => true, onOrder: async () => {}, onTask: async () => {}, onJob: async () => {} };
  }

  static async start(): Promise<OperatedService> {
    const [database, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
    const databaseUrl = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
    const admin = await database.connectAsAdmin('orders');
    await admin.query('CREATE TABLE projection (tenant_id uuid, record text, times integer NOT NULL, PRIMARY KEY (tenant_id, record))');
    await admin.query('GRANT ALL ON projection TO PUBLIC');
    const operated = new OperatedService({ admin, topics, database, issuer, databaseUrl });
    await operated.startProcess();
    return operated;
  }

  get service(): RunningService {
    if (!this.#service) throw new Error('The service does not run.');
    return this.#service;
  }

  async startProcess(): Promise<void> {
    const config = z.object(serviceConfigShape);
    this.#service = await startService({ name: 'orders', config, module: () => moduleWith(this.behaviour), concerns: (event) => this.behaviour.concerns(event) }, config.parse({
      databaseUrl: this.#databaseUrl, kafkaBrokers: this.topics.brokers.join(','), topicPrefix: this.topics.prefix,
      redisUrl: requireTestServer('TEST_REDIS_URL'), authIssuerUrl: this.#issuer.url, port: 0, internalPort: 0,
    }), createLogger('orders', 'fatal'));
  }

  async stopProcess(): Promise<void> {
    await this.service.stop();
    this.#service = undefined;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    await this.#issuer.stop();
    await this.topics.drop();
    await this.#database.drop();
  }

  tokenWith(claims: Record<string, unknown>): Promise<string> {
    return this.#issuer.sign({ claims });
  }

  /** Sends a request as an operator, unless other claims are given. */
  async request(method: 'GET' | 'POST', path: string, { body, claims = {}, headers = {} }: {
    body?: object; claims?: Record<string, unknown>; headers?: Record<string, string>;
  } = {}): Promise<{ status: number; body: unknown }> {
    const token = await this.tokenWith({ sub: 'ops', scope: 'operations:read operations:write', ...claims });
    const answer = await this.service.app.inject({
      method, url: `/v1/operations/${path}`, headers: { authorization: `Bearer ${token}`, ...headers }, ...(body && { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** Sends a request as a tenant's own people do, by way of the gateway. */
  async requestOf(tenantId: string, method: 'GET' | 'POST', path: string, { body, scope = 'dead-letters:read dead-letters:write', onBehalfOf = 'user/ada' }: { body?: object; scope?: string; onBehalfOf?: string } = {}): Promise<{ status: number; body: unknown }> {
    const token = await this.tokenWith({ sub: 'gateway', scope: `${scope} tenant:any operations:delegate` });
    const answer = await this.service.app.inject({
      method, url: `/v1/${path}`, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId, 'x-crossdock-on-behalf-of': onBehalfOf }, ...(body && { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  async say(tenantId: string, records: readonly string[]): Promise<void> {
    await this.#within(tenantId, async (manager) => {
      for (const record of records) {
        await this.service.app.get(EventPublisher).publish(manager, orderReceived, {
          subject: record,
          data: { vendor: 'woocommerce', connectionId: randomUUID(), change: 'created', externalId: record, receivedAt: new Date().toISOString(), payload: {} },
        });
      }
    });
  }

  async enqueue(tenantId: string, recordKey: string, payload: { note: string }, coalesce = false): Promise<void> {
    await this.#within(tenantId, (manager) =>
      this.service.app.get(TaskQueue).enqueue(manager, call, { recordKey, groupKey: 'group', payload, coalesce }));
  }

  /** @returns the id of a job that sorts a shelf. */
  async startJob(tenantId: string): Promise<string> {
    let id = '';
    await this.#within(tenantId, async (manager) => {
      id = await this.service.app.get(Jobs).start(manager, sort, { input: { shelfId: randomUUID() } });
    });
    return id;
  }

  /** Puts bytes on the topic as a faulty sender would. */
  async sendRaw(value: string): Promise<void> {
    const producer = this.topics.kafka.producer({ retry: { retries: 10 } });
    await producer.connect();
    await producer.send({ topic: this.topics.prefix + orderReceived.type, messages: [{ key: 'raw', value }] });
    await producer.disconnect();
  }

  /** How often each record has been applied. */
  async projection(): Promise<Record<string, number>> {
    const rows = await this.admin.query<Array<{ record: string; times: number }>>('SELECT record, times FROM projection ORDER BY record');
    return Object.fromEntries(rows.map(({ record, times }) => [record, times]));
  }

  async #within(tenantId: string, work: Parameters<TenantDatabase['transaction']>[1]): Promise<void> {
    await tenantContext.run({ tenantId, correlationId: randomUUID() }, () => this.service.app.get(TenantDatabase).transaction(tenantId, work));
  }
}

export function refuse(): never {
  throw new Failure('invalid', 'Order of canary@example.com cannot be read; mend it in the shop.');
}
