import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { Kafka } from 'kafkajs';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { ServiceName } from '@crossdock/contracts';
import { type EventConcern, InboxDays, KafkaEventTransport, OutboxBacklog, OutboxRelay, Retention } from '@crossdock/event-bus';
import { Scheduler, TaskMetrics, TaskWorker } from '@crossdock/task-queue';
import type { Entities } from './database.ts';
import { HeapAtRest } from './heap-at-rest.ts';
import { createHealthChecks } from './health-checks.ts';
import { createInternalServer } from './internal-server.ts';
import { createLogger, FrameworkLogger, type Logger } from './logger.ts';
import { boundConnections, httpLimits, limitedServer } from './http-limits.ts';
import { measureRequests } from './metrics.ts';
import { measurePool } from './pool-metrics.ts';
import { AnswerCheckInterceptor } from './answer-check.interceptor.ts';
import { FailureFilter } from './failure.filter.ts';
import { flushTraces } from './flush-traces.ts';
import { isUnderTest, loadConfigOrExit, type serviceConfigShape } from './service-config.ts';
import { spanOfRequest, traceRequests } from './request-span.ts';
import { answerRouteErrors } from './route-errors.ts';
import { ServiceModule } from './service.module.ts';

export interface ServiceDefinition<Schema extends z.ZodObject<typeof serviceConfigShape>> {
  readonly name: ServiceName;
  /** `z.object({ ...serviceConfigShape, … })`. */
  readonly config: Schema;
  /** The service's own module, made from its configuration. */
  readonly module: (config: z.infer<Schema>) => DynamicModule;
  readonly entities?: Entities;
  /** Which of the events it hears there is anything to do for; the others cost neither row nor transaction. Default: all. */
  readonly concerns?: EventConcern;
  /** For how long events gather for it while they come quickly, in milliseconds, where it takes them together and nobody waits for what it makes of them. Default: 40. */
  readonly gatherEventsMs?: number;
  /** Addresses of the proxies, separated by commas, whose word for a client's address is believed; none without it. */
  readonly trustedProxies?: (config: z.infer<Schema>) => string;
  /** What the HTTP server needs beyond the usual, such as a body parser of its own. */
  readonly configureHttp?: (app: NestFastifyApplication, config: z.infer<Schema>) => void;
}

/** After this the process ends even if something still hangs; orchestrators must grant a little more. */
const drainDeadlineMs = 25_000;

/** Starts a service and keeps it until SIGTERM or SIGINT; then drains it in order. This is all a `main.ts` calls. */
export async function runService<Schema extends z.ZodObject<typeof serviceConfigShape>>(definition: ServiceDefinition<Schema>): Promise<void> {
  const config = loadConfigOrExit(definition.config);
  const logger = createLogger(definition.name, config.logLevel);
  process.on('unhandledRejection', (reason) => logger.error({ err: reason }, 'a promise was rejected and nobody listened'));
  try {
    const service = await startService(definition, config, logger);
    new HeapAtRest().start();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void stopProcess(service, logger, signal));
    }
    logger.info({ port: config.port, internalPort: config.internalPort }, 'ready');
  } catch (error) {
    logger.fatal({ err: error }, `${definition.name} could not start`);
    process.exit(1);
  }
}

/** A running service; tests start several in one process. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Where health and metrics are served. */
  readonly internalUrl: string;
  /** Stops taking work, ends what is under way, then lets go of PostgreSQL, Kafka and Redis. */
  stop(): Promise<void>;
}

/** Starts a service in this process. */
export async function startService<Schema extends z.ZodObject<typeof serviceConfigShape>>(
  definition: ServiceDefinition<Schema>, config: z.infer<Schema>, logger: Logger,
): Promise<RunningService> {
  const { name, entities = [], concerns, gatherEventsMs } = definition;
  const trustedProxies = definition.trustedProxies?.(config) ?? '';
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.compose({ name, config, logger, entities, feature: definition.module(config), concerns, gatherEventsMs }),
    new FastifyAdapter({
      bodyLimit: config.bodyLimitBytes, ...limitedServer(httpLimits), trustProxy: trustedProxies === '' ? false : trustedProxies,
      // While a service drains it answers what still comes on open connections, and closes each after that.
      return503OnClosing: false,
    }),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options as a class and documents them as an object.
    { logger: new FrameworkLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(app.get(FailureFilter));
  if (isUnderTest) app.useGlobalInterceptors(new AnswerCheckInterceptor());
  answerRouteErrors(app.getHttpAdapter().getInstance());
  traceRequests(app.getHttpAdapter().getInstance());
  measureRequests(app.getHttpAdapter().getInstance(), app.get(Registry), spanOfRequest);
  measurePool(app.get(DataSource), config.databasePoolSize, app.get(Registry));
  boundConnections(app.getHttpAdapter().getInstance().server, httpLimits, app.get(Registry));
  definition.configureHttp?.(app, config);
  app.connectMicroservice({ strategy: app.get(KafkaEventTransport) }, { inheritAppConfig: true });

  let isStopping = false;
  const kafkaAdmin = app.get(Kafka).admin();
  const internalServer = createInternalServer({
    checks: createHealthChecks({ dataSource: app.get(DataSource), kafkaAdmin, redis: app.get(Redis) }),
    metrics: app.get(Registry),
    isStopping: () => isStopping,
  });
  const background = [app.get(OutboxRelay), app.get(OutboxBacklog), app.get(InboxDays), app.get(Retention), app.get(TaskMetrics), app.get(TaskWorker), app.get(Scheduler)];

  await app.init();
  for (const part of background) part.start();
  await app.startAllMicroservices();
  await app.listen(config.port, config.host);
  const internalUrl = await internalServer.listen({ port: config.internalPort, host: config.host });

  return {
    app,
    internalUrl,
    async stop() {
      isStopping = true;
      // What brings work in ends first, then the work, and only then what the work needs.
      await app.get(KafkaEventTransport).close();
      await app.get(Scheduler).stop();
      await app.get(TaskWorker).stop();
      await app.close();
      for (const part of [app.get(OutboxBacklog), app.get(TaskMetrics)]) part.stop();
      await app.get(InboxDays).stop();
      await app.get(Retention).stop();
      await app.get(OutboxRelay).stop();
      await kafkaAdmin.disconnect().catch(() => undefined);
      app.get(Redis).disconnect();
      await app.get(DataSource).destroy();
      await internalServer.close();
    },
  };
}

async function stopProcess(service: RunningService, logger: Logger, signal: NodeJS.Signals): Promise<void> {
  logger.info({ signal }, 'draining');
  setTimeout(() => {
    logger.error({ drainDeadlineMs }, 'draining took too long; what is open is taken up by another process');
    process.exit(1);
  }, drainDeadlineMs).unref();
  await service.stop();
  await flushTraces();
  logger.info('stopped');
  process.exit(0);
}
