import { randomUUID } from 'node:crypto';
import { eventKey, type Envelope, type EventData, type EventDefinition, type ServiceName } from '@crossdock/contracts';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import type { z } from 'zod';
import { createLogger } from './logger.ts';
import type { OwnedSchema } from './migrate-service.ts';
import { startService, type RunningService, type ServiceDefinition } from './run-service.ts';
import type { serviceConfigShape } from './service-config.ts';

/** A call to a service, for one tenant. */
export interface TestCall {
  readonly tenantId: string;
  /** What the caller is allowed; `tenant:any` is always among it. */
  readonly scope: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** What the text holds where it is JSON. */
  readonly body: unknown;
}

/** A service as it runs, upon a database and topics of its own: for tests of its routes, and of what it makes of what it hears. */
export class TestedService {
  private constructor(
    readonly service: RunningService, readonly database: TestDatabase, readonly topics: TestTopics,
    private readonly parts: { readonly name: ServiceName; readonly issuer: IssuerFixture; readonly producer: Producer },
  ) {}

  /** @param settings beside those of servers, ports and the issuer, by their names in the configuration. */
  static async start<Schema extends z.ZodObject<typeof serviceConfigShape>>(
    definition: ServiceDefinition<Schema>, schemas: readonly OwnedSchema[], settings: Readonly<Record<string, string | number>> = {},
  ): Promise<TestedService> {
    const { name } = definition;
    const [database, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
    const service = await startService(definition, definition.config.parse({
      databaseUrl: await database.migrateService(name, schemas), kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix,
      redisUrl: requireTestServer('TEST_REDIS_URL'), port: 0, internalPort: 0, authIssuerUrl: issuer.url, ...settings,
    }), createLogger(name, 'fatal'));
    const producer = topics.kafka.producer({ createPartitioner: recordPartitioner, retry: { retries: 10 } });
    await producer.connect();
    return new TestedService(service, database, topics, { name, issuer, producer });
  }

  get tenants(): TenantDatabase {
    return this.service.app.get(TenantDatabase);
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { tenantId, scope, body, headers }: TestCall): Promise<TestAnswer> {
    const token = await this.parts.issuer.sign({ claims: { aud: this.parts.name, scope: `${scope} tenant:any` } });
    const answer = await this.service.app.inject({
      method, url: path, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId, ...headers }, ...(body && { payload: body }),
    });
    const isJson = /^application\/(\w+\+)?json\b/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: isJson ? answer.json<unknown>() : undefined };
  }

  /** What a call without a token is answered. */
  async statusWithoutToken(path: string): Promise<number> {
    return (await this.service.app.inject({ method: 'GET', url: path })).statusCode;
  }

  /** Another service tells of something on the bus. */
  async say<Definition extends EventDefinition>(
    tenantId: string, from: ServiceName, definition: Definition, { subject, data }: { readonly subject: string; readonly data: EventData<Definition> },
  ): Promise<void> {
    await this.send([new EventPublisher(from, () => undefined).envelope({ tenantId, correlationId: randomUUID() }, definition, { subject, data })]);
  }

  /** Puts events on the bus, one after the other. */
  async send(envelopes: readonly Envelope[]): Promise<void> {
    for (const envelope of envelopes) {
      await this.parts.producer.send({ topic: this.topics.prefix + envelope.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
    }
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.parts.producer.disconnect(), this.parts.issuer.stop()]);
    await this.topics.drop();
    await this.database.drop();
  }
}
