import { AccessTokens, ConnectionStore, CredentialVault, TokenMemory, type VendorAuthorisation } from '@crossdock/connections';
import type { CrmVendor } from '@crossdock/contracts';
import type { CrmConnector, TokenSource } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CRM_CONNECTOR } from './connector-task.ts';
import type { CrmServiceConfig } from './crm-service.config.ts';
import { CrmEvents } from './crm.events.ts';
import { DealFetchTasks } from './deal-fetch.tasks.ts';
import { SetUpTasks } from './set-up.tasks.ts';
import { UpsertTasks } from './upsert.tasks.ts';

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
      controllers: [CrmEvents],
      providers: [
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        {
          provide: AccessTokens,
          useFactory: (database: TenantDatabase, store: ConnectionStore, http: OutboundHttp, metrics: Registry) => new AccessTokens({
            database, store, metrics,
            vault: new CredentialVault(database, config.vaultKeys),
            refreshers: { [vendor]: authorisation(http) },
          }),
          inject: [TenantDatabase, ConnectionStore, OutboundHttp, Registry],
        },
        {
          provide: CRM_CONNECTOR,
          useFactory: (http: OutboundHttp, tokens: AccessTokens) => connector({ http, tokens: new TokenMemory(tokens) }),
          inject: [OutboundHttp, AccessTokens],
        },
        UpsertTasks,
        DealFetchTasks,
        SetUpTasks,
      ],
    };
  }
}
