import { Module, type DynamicModule, type InjectionToken, type Provider } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Kafka } from 'kafkajs';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { ServiceName } from '@crossdock/contracts';
import {
  createKafkaClient, deadLetterRows, type EventConcern, EventHandlers, EventInbox, EventProcessor, EventPublisher, InboxDays, KafkaEventTransport, OutboxBacklog, OutboxRelay, recordPartitioner, Retention, TopicReplay,
} from '@crossdock/event-bus';
import { FeatureFlags } from '@crossdock/feature-flags';
import { OperationsModule } from '@crossdock/operations';
import { ServiceTokensModule } from '@crossdock/service-tokens';
import { Jobs, JobSources, ScheduleRegistry, Scheduler, TaskMetrics, TaskQueue, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { connectPatiently, createDataSource, type Entities } from './database.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { FailureFilter } from './failure.filter.ts';
import { isDatabaseAway } from './problem.ts';
import { createRedis } from './redis.ts';
import type { ServiceConfig } from './service-config.ts';

/** Injection token of the service's logger. */
export const LOGGER: InjectionToken<Logger> = Symbol('LOGGER');

export interface ServiceParts {
  readonly name: ServiceName;
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly entities: Entities;
  readonly feature: DynamicModule;
  readonly concerns?: EventConcern | undefined;
  readonly gatherEventsMs?: number | undefined;
}

/** What every service has: database, bus, tasks, metrics and logger, provided everywhere; callers' tokens checked; routes for operators. */
@Module({})
export class ServiceModule {
  static compose({ name, config, logger, entities, feature, concerns, gatherEventsMs }: ServiceParts): DynamicModule {
    const providers: Provider[] = [
      { provide: LOGGER, useValue: logger },
      { provide: Registry, useFactory: () => createMetrics(name) },
      {
        provide: DataSource,
        useFactory: () => connectPatiently(createDataSource({
          url: config.databaseUrl, serverCa: config.serverCa, schema: schemaOf(name), poolSize: config.databasePoolSize,
          applicationName: `crossdock-${name}`, entities,
        }), logger),
      },
      { provide: TenantDatabase, useFactory: (dataSource: DataSource) => new TenantDatabase(dataSource), inject: [DataSource] },
      {
        provide: FeatureFlags,
        useFactory: (database: TenantDatabase) => new FeatureFlags({ database, onFault: (error) => logger.warn({ err: error }, 'feature flags could not be read; what was read last holds on') }),
        inject: [TenantDatabase],
      },
      { provide: Redis, useFactory: () => createRedis(config.redisUrl, logger, config.serverCa) },
      { provide: Kafka, useFactory: () => createKafkaClient({ service: name, access: config, logger }) },
      {
        provide: OutboxRelay,
        useFactory: (database: TenantDatabase, kafka: Kafka, metrics: Registry) => new OutboxRelay({
          database, metrics, logger, topicPrefix: config.topicPrefix,
          producer: kafka.producer({ createPartitioner: recordPartitioner, allowAutoTopicCreation: false, maxInFlightRequests: 1 }),
        }),
        inject: [TenantDatabase, Kafka, Registry],
      },
      { provide: EventPublisher, useFactory: (relay: OutboxRelay) => new EventPublisher(name, (shards) => relay.wake(shards)), inject: [OutboxRelay] },
      {
        provide: OutboxBacklog,
        useFactory: (database: TenantDatabase, metrics: Registry) => new OutboxBacklog({ database, metrics, ceilingRows: config.outboxCeilingRows }),
        inject: [TenantDatabase, Registry],
      },
      {
        provide: InboxDays,
        useFactory: (database: TenantDatabase) => new InboxDays({ database, logger, retentionDays: config.inboxRetentionDays }),
        inject: [TenantDatabase],
      },
      {
        provide: Retention,
        useFactory: (database: TenantDatabase, metrics: Registry) => {
          const retention = new Retention({ database, logger, metrics });
          retention.keepFor(config.deadLetterRetentionDays, deadLetterRows);
          return retention;
        },
        inject: [TenantDatabase, Registry],
      },
      {
        provide: KafkaEventTransport,
        useFactory: (database: TenantDatabase, kafka: Kafka, metrics: Registry, { deadLetters }: TaskMetrics) => {
          const group = config.topicPrefix + name;
          const inbox = new EventInbox(database, name);
          const processor = new EventProcessor({
            database, inbox, consumer: name, logger, metrics, isRetriedForever: isDatabaseAway, handlerTimeoutMs: config.eventTimeoutMs, concerns, gatherMs: gatherEventsMs,
            onDeadLetter: (reason) => deadLetters.inc({ origin: 'event', reason }),
          });
          return new KafkaEventTransport({ kafka, group, topicPrefix: config.topicPrefix, processor, logger, gatherMs: gatherEventsMs });
        },
        inject: [TenantDatabase, Kafka, Registry, TaskMetrics],
      },
      {
        provide: TopicReplay,
        useFactory: (database: TenantDatabase, kafka: Kafka, transport: KafkaEventTransport) => new TopicReplay({
          database, kafka, logger, concerns, handlers: new EventHandlers(transport), consumer: name, topicPrefix: config.topicPrefix, isRetriedForever: isDatabaseAway,
        }),
        inject: [TenantDatabase, Kafka, KafkaEventTransport],
      },
      { provide: TaskRegistry, useValue: new TaskRegistry() },
      { provide: TaskMetrics, useFactory: (metrics: Registry, database: TenantDatabase) => new TaskMetrics(metrics, database), inject: [Registry, TenantDatabase] },
      {
        provide: TaskWorker,
        useFactory: (database: TenantDatabase, registry: TaskRegistry, metrics: TaskMetrics) => new TaskWorker({ database, registry, metrics, logger }),
        inject: [TenantDatabase, TaskRegistry, TaskMetrics],
      },
      { provide: TaskQueue, useFactory: (worker: TaskWorker) => new TaskQueue((kinds) => worker.wake(kinds)), inject: [TaskWorker] },
      {
        provide: Jobs,
        useFactory: (database: TenantDatabase, queue: TaskQueue, registry: TaskRegistry) => new Jobs({ database, queue, registry }),
        inject: [TenantDatabase, TaskQueue, TaskRegistry],
      },
      { provide: JobSources, useFactory: (jobs: Jobs) => new JobSources(jobs), inject: [Jobs] },
      { provide: ScheduleRegistry, useValue: new ScheduleRegistry() },
      {
        provide: Scheduler,
        useFactory: (database: TenantDatabase, registry: ScheduleRegistry, queue: TaskQueue, metrics: Registry) =>
          new Scheduler({ database, registry, queue, logger, metrics }),
        inject: [TenantDatabase, ScheduleRegistry, TaskQueue, Registry],
      },
      { provide: FailureFilter, useFactory: () => new FailureFilter(logger) },
    ];
    const imports = [
      ServiceTokensModule.forService({ name, issuerUrl: config.authIssuerUrl }),
      OperationsModule.forService({ consumer: name, logger, isDatabaseAway, tenantSchemas: tenantSchemasOf(name) }),
      feature,
    ];
    return { module: ServiceModule, global: true, imports, providers, exports: providers.map((provider) => ('provide' in provider ? provider.provide : provider)) };
  }
}

/** The PostgreSQL schema of a service: its name with underscores. */
export function schemaOf(service: ServiceName): string {
  return service.replaceAll('-', '_');
}

/** Where a service's rows of tenants are: in its own schema; those of connections, requests about people and feature flags are the gateway's to erase. */
function tenantSchemasOf(service: ServiceName): string[] {
  return service === 'gateway' ? [schemaOf(service), 'connections', 'privacy', 'feature_flags'] : [schemaOf(service)];
}
