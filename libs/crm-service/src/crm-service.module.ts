import { AccessTokens, ConnectionHealth, Connections, ConnectionStore, TokenMemory, type VendorAuthorisation } from '@crossdock/connections';
import type { CrmVendor } from '@crossdock/contracts';
import type { CrmConnector, TokenSource } from '@crossdock/crm-connector';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TaskQueue } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule, type InjectionToken } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BulkWrites } from './bulk/bulk-writes.ts';
import { WriteJobTasks } from './bulk/write-job.tasks.ts';
import { CRM_CONNECTOR } from './connector-task.ts';
import type { CrmServiceConfig } from './crm-service.config.ts';
import { CrmEvents } from './crm.events.ts';
import { FollowingMetrics } from './following-metrics.ts';
import { ChangeListeners } from './listening/change-listeners.ts';
import { MappingAdministration } from './mapping/mapping-administration.ts';
import { MappingsController } from './mapping/mappings.controller.ts';
import { SchemaCheckTasks } from './mapping/schema-check.tasks.ts';
import { AccountMappings } from './records/account-mappings.ts';
import { FeedTasks } from './records/feed.tasks.ts';
import { RecordFetchTasks } from './records/record-fetch.tasks.ts';
import { RecordReading } from './records/record-reading.ts';
import { RecordSearchController } from './records/record-search.controller.ts';
import { RecordSearch } from './records/record-search.ts';
import { RecordTeller } from './records/record-teller.ts';
import { RecordWriteTasks } from './records/record-write.tasks.ts';
import { RecordEvents } from './records/record.events.ts';
import { ScanJob } from './records/scan.job.ts';
import { TouchedRecords } from './records/touched-records.ts';
import { AccountPreparation } from './set-up/account-preparation.ts';
import { AccountUpkeep } from './set-up/account-upkeep.tasks.ts';
import { SetUpController } from './set-up/set-up.controller.ts';
import { SetUpJob } from './set-up/set-up.job.ts';
import { DealLineWrites } from './upserts/deal-line-writes.ts';
import { UpsertTasks } from './upserts/upsert.tasks.ts';

const VENDOR_AUTHORISATION: InjectionToken<VendorAuthorisation> = Symbol('VENDOR_AUTHORISATION');

/** What a vendor's library needs to be made. */
export interface VendorParts {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
}

export interface CrmVendorDefinition {
  readonly vendor: CrmVendor;
  readonly connector: (parts: VendorParts) => CrmConnector;
  readonly authorisation: (http: OutboundHttp) => VendorAuthorisation;
}

/**
 * A CRM service, whole but for its vendor. It stands in a library of its own and not beside the connector's interface,
 * because vendor libraries import that, and must not know of NestJS, Kafka or the task queue.
 */
@Module({})
export class CrmServiceModule {
  static forVendor({ vendor, connector, authorisation }: CrmVendorDefinition, config: CrmServiceConfig): DynamicModule {
    return {
      module: CrmServiceModule,
      imports: [OutboundModule.forService(config)],
      controllers: [CrmEvents, SetUpController, RecordEvents, MappingsController, RecordSearchController],
      providers: [
        { provide: VENDOR_AUTHORISATION, useFactory: (http: OutboundHttp) => authorisation(http), inject: [OutboundHttp] },
        {
          provide: Connections,
          useFactory: (database: TenantDatabase, publisher: EventPublisher, own: VendorAuthorisation, metrics: Registry) => new Connections({
            database, publisher, metrics, service: `crm-${vendor}`, keys: config.vaultKeys, refreshers: { [vendor]: own },
          }),
          inject: [TenantDatabase, EventPublisher, VENDOR_AUTHORISATION, Registry],
        },
        { provide: ConnectionStore, useFactory: ({ store }: Connections) => store, inject: [Connections] },
        { provide: ConnectionHealth, useFactory: ({ health }: Connections) => health, inject: [Connections] },
        { provide: AccessTokens, useFactory: ({ tokens }: Connections) => tokens, inject: [Connections] },
        { provide: TokenMemory, useFactory: (tokens: AccessTokens) => new TokenMemory(tokens), inject: [AccessTokens] },
        {
          provide: CRM_CONNECTOR,
          useFactory: (http: OutboundHttp, tokens: TokenMemory) => connector({ http, tokens }),
          inject: [OutboundHttp, TokenMemory],
        },
        {
          provide: AccountPreparation,
          useFactory: (
            database: TenantDatabase, connections: Connections, own: CrmConnector, ownAuthorisation: VendorAuthorisation, queue: TaskQueue,
          ) => new AccountPreparation({
            database, connections, queue, connector: own, authorisation: ownAuthorisation, publicUrl: config.publicUrl, stream: own.stream,
          }),
          inject: [TenantDatabase, Connections, CRM_CONNECTOR, VENDOR_AUTHORISATION, TaskQueue],
        },
        { provide: FollowingMetrics, useFactory: (registry: Registry, database: TenantDatabase) => new FollowingMetrics(registry, database, vendor), inject: [Registry, TenantDatabase] },
        AccountMappings, RecordReading, RecordTeller, RecordFetchTasks, FeedTasks, ScanJob, WriteJobTasks, BulkWrites, RecordWriteTasks,
        DealLineWrites, UpsertTasks,
        MappingAdministration, SchemaCheckTasks, TouchedRecords, ChangeListeners, RecordSearch,
        SetUpJob,
        AccountUpkeep,
      ],
    };
  }
}
