import { Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DeadLetterRedelivery, EventHandlers, EventInbox, KafkaEventTransport, TopicReplay } from '@crossdock/event-bus';
import { TaskWorker } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { AuditController } from './audit/audit.controller.ts';
import { AllDeadLetters } from './dead-letters/all-dead-letters.ts';
import { DeadLetterActs } from './dead-letters/dead-letter-acts.ts';
import { DeadLetterGauge } from './dead-letters/dead-letter-gauge.ts';
import { DeadLetterReplayers } from './dead-letters/dead-letter-replayers.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { OwnDeadLettersController } from './dead-letters/own-dead-letters.controller.ts';
import { OwnDeadLetters } from './dead-letters/own-dead-letters.ts';
import { FiguresController } from './figures/figures.controller.ts';
import { JobsController } from './jobs/jobs.controller.ts';
import { PERSON_SERVICE, PersonWork } from './people/person-work.ts';
import { PersonalRecordsRegistry } from './people/personal-records.ts';
import { ReplayRunner } from './replays/replay-runner.ts';
import { ReplayStore } from './replays/replay-store.ts';
import { ReplaysController } from './replays/replays.controller.ts';
import { TenantExportController } from './tenants/tenant-export.controller.ts';
import { TENANT_SCHEMAS, TenantStandingEvents } from './tenants/tenant-standing.events.ts';
import { WorkController } from './work/work.controller.ts';

export interface OperationsSettings {
  /** The service's name, under which its inbox notes events. */
  readonly consumer: string;
  readonly logger: Logger;
  /** The PostgreSQL schemas whose rows of a tenant go when it is erased. */
  readonly tenantSchemas: readonly string[];
  readonly isDatabaseAway: (error: unknown) => boolean;
}

/** What operators can see and do in a service: dead letters, replays, and the audit of both; and each tenant's long work. */
@Module({})
export class OperationsModule implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #gauge: DeadLetterGauge;
  readonly #runner: ReplayRunner;

  constructor(gauge: DeadLetterGauge, runner: ReplayRunner) {
    this.#gauge = gauge;
    this.#runner = runner;
  }

  /** The rest of the service provides, globally, the database, the bus with a `TopicReplay`, the task worker, the job sources and the metrics. */
  static forService({ consumer, logger, tenantSchemas, isDatabaseAway }: OperationsSettings): DynamicModule {
    return {
      module: OperationsModule,
      global: true,
      controllers: [FiguresController, DeadLettersController, OwnDeadLettersController, ReplaysController, AuditController, JobsController, WorkController, TenantStandingEvents, TenantExportController, PersonWork],
      providers: [
        { provide: TENANT_SCHEMAS, useValue: tenantSchemas },
        { provide: PERSON_SERVICE, useValue: consumer },
        { provide: PersonalRecordsRegistry, useValue: new PersonalRecordsRegistry() },
        {
          provide: DeadLetterReplayers,
          useFactory: (database: TenantDatabase, transport: KafkaEventTransport) => {
            const redelivery = new DeadLetterRedelivery(new EventInbox(database, consumer), new EventHandlers(transport));
            const replayers = new DeadLetterReplayers();
            replayers.register('event', (manager, letter) => redelivery.redeliver(manager, letter));
            return replayers;
          },
          inject: [TenantDatabase, KafkaEventTransport],
        },
        {
          provide: DeadLetterActs,
          useFactory: (database: TenantDatabase, replayers: DeadLetterReplayers, worker: TaskWorker, metrics: Registry) =>
            new DeadLetterActs({ database, replayers, wakeWorker: () => worker.wake(), isDatabaseAway, metrics }),
          inject: [TenantDatabase, DeadLetterReplayers, TaskWorker, Registry],
        },
        {
          provide: OwnDeadLetters,
          useFactory: (database: TenantDatabase, acts: DeadLetterActs) => new OwnDeadLetters(database, acts),
          inject: [TenantDatabase, DeadLetterActs],
        },
        { provide: AllDeadLetters, useFactory: (database: TenantDatabase) => new AllDeadLetters(database), inject: [TenantDatabase] },
        {
          provide: DeadLetterGauge,
          useFactory: (database: TenantDatabase, metrics: Registry) => new DeadLetterGauge(database, metrics),
          inject: [TenantDatabase, Registry],
        },
        { provide: ReplayStore, useFactory: (database: TenantDatabase) => new ReplayStore(database), inject: [TenantDatabase] },
        {
          provide: ReplayRunner,
          useFactory: (store: ReplayStore, replay: TopicReplay) => new ReplayRunner({ store, replay, logger, isDatabaseAway }),
          inject: [ReplayStore, TopicReplay],
        },
      ],
      exports: [AllDeadLetters, DeadLetterReplayers, OwnDeadLetters, PersonalRecordsRegistry],
    };
  }

  onApplicationBootstrap(): void {
    this.#gauge.start();
    this.#runner.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.#gauge.stop();
    await this.#runner.stop();
  }
}
