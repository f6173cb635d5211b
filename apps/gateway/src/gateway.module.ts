import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ConnectionStore, CredentialVault } from '@crossdock/connections';
import { EventPublisher, Retention } from '@crossdock/event-bus';
import { FlagStore } from '@crossdock/feature-flags';
import { OutboundModule } from '@crossdock/outbound-service';
import { ServiceTokenClient } from '@crossdock/service-tokens';
import { TaskQueue } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Redis } from 'ioredis';
import { ApiKeyOwners } from './api-keys/api-key-owners.ts';
import { ApiKeyRepository } from './api-keys/api-key.repository.ts';
import { ApiKeysController } from './api-keys/api-keys.controller.ts';
import { CallerController } from './callers/caller.controller.ts';
import { EdgeCallers } from './callers/edge-callers.ts';
import { EndedSessions } from './callers/ended-sessions.ts';
import { LastingCallers } from './callers/lasting-callers.ts';
import { OperatorController } from './callers/operator.controller.ts';
import { SessionEvents } from './callers/session.events.ts';
import { Acts } from './audit/acts.ts';
import { AuditInterceptor } from './audit/audit.interceptor.ts';
import { CallsController } from './calls/calls.controller.ts';
import { AuthorisationsController } from './connections/authorisations.controller.ts';
import { ConnectionBudgets } from './connections/connection-budget.ts';
import { ConnectionReading } from './connections/connection-reading.ts';
import { ConnectionsController } from './connections/connections.controller.ts';
import { connectionsProviders } from './connections/connections.providers.ts';
import { OAuthPagesController } from './connections/oauth-pages.controller.ts';
import { AuditController } from './facade/audit.controller.ts';
import { AttributionController } from './facade/attribution.controller.ts';
import { IdentityController } from './facade/identity.controller.ts';
import { AttributionSettingsController } from './facade/attribution-settings.controller.ts';
import { Grafana, InstallationFiguresController } from './facade/installation-figures.controller.ts';
import { InternalClient } from './facade/internal-client.ts';
import { OperatorAuditController } from './facade/operator-audit.controller.ts';
import { OperatorDeadLettersController } from './facade/operator-dead-letters.controller.ts';
import { OrderComparisonsController } from './facade/order-comparisons.controller.ts';
import { OrdersController } from './facade/orders.controller.ts';
import { StateMachineController } from './facade/state-machine.controller.ts';
import { CrmAccounts } from './facade/crm-accounts.ts';
import { TenantDeadLetters } from './facade/dead-letters.ts';
import { TenantDeadLettersController } from './facade/dead-letters.controller.ts';
import { TenantJobs } from './facade/jobs.ts';
import { FlagsController } from './flags/flags.controller.ts';
import { JobsController } from './facade/jobs.controller.ts';
import { LineageController } from './facade/lineage.controller.ts';
import { Lineages } from './facade/lineages.ts';
import { MappingsController } from './facade/mappings.controller.ts';
import { RecentAnswers } from './facade/recent-answers.ts';
import { RecordsController } from './facade/records.controller.ts';
import { SetUpController } from './facade/set-up.controller.ts';
import { StateStreams } from './facade/state-streams.ts';
import { SyncTroubleController } from './facade/sync-trouble.controller.ts';
import { SyncsController } from './facade/syncs.controller.ts';
import { ShipmentsController } from './facade/shipments.controller.ts';
import { ShippingStockController } from './facade/shipping-stock.controller.ts';
import { InterfaceController } from './interface/interface.controller.ts';
import { graphModule, graphProviders } from './graphql/graphql.setup.ts';
import { GraphqlController } from './graphql/graphql.controller.ts';
import type { GatewayConfig } from './gateway.config.ts';
import { ConnectionWebhookSource } from './ingest/connection-webhook-source.ts';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.ts';
import { IdempotentCalls } from './idempotency/idempotent-calls.ts';
import { IngestConnections } from './ingest/ingest-connections.ts';
import { dynamicsWebhooks } from './ingest/sources/dynamics.webhook-source.ts';
import { HubSpotWebhookSource } from './ingest/sources/hubspot.webhook-source.ts';
import { pipedriveWebhooks } from './ingest/sources/pipedrive.webhook-source.ts';
import { shippoWebhooks } from './ingest/sources/shippo.webhook-source.ts';
import { wooCommerceWebhooks } from './ingest/sources/woocommerce.webhook-source.ts';
import { zohoWebhooks } from './ingest/sources/zoho.webhook-source.ts';
import { WebhookMetrics } from './ingest/webhook-metrics.ts';
import { WebhookReceiver } from './ingest/webhook-receiver.ts';
import { WebhookRetention } from './ingest/webhook-retention.ts';
import { WEBHOOK_SOURCES, WebhookSources } from './ingest/webhook-sources.ts';
import { WebhookStore } from './ingest/webhook-store.ts';
import { FormPostsController } from './leads/form-posts.controller.ts';
import { LeadFormRepository } from './leads/lead-form.repository.ts';
import { LeadFormsController } from './leads/lead-forms.controller.ts';
import { LeadsController } from './leads/leads.controller.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { WebhookReplay } from './operations/webhook-replay.ts';
import { PeopleController } from './people/people.controller.ts';
import { PersonAnswersEvents } from './people/person-answers.events.ts';
import { PersonRequestTasks } from './people/person-request.tasks.ts';
import { PersonRequests } from './people/person-requests.ts';
import { CallerQuota } from './requests/caller-quota.ts';
import { CallerQuotaInterceptor } from './requests/caller-quota.interceptor.ts';
import { EdgeInterceptor } from './requests/edge.interceptor.ts';
import { EventStreams } from './requests/event-streams.ts';
import { TenantDomainRepository } from './tenants/tenant-domain.repository.ts';
import { TenantDomainsController } from './tenants/tenant-domains.controller.ts';
import { TenantErasureTasks } from './tenants/tenant-erasure.tasks.ts';
import { TenantExportController } from './tenants/tenant-export.controller.ts';
import { TenantRepository } from './tenants/tenant.repository.ts';
import { TenantsController } from './tenants/tenants.controller.ts';
import { CallerWorkspaces } from './workspaces/caller-workspaces.ts';
import { WorkspaceRepository } from './workspaces/workspace.repository.ts';
import { WorkspacesController } from './workspaces/workspaces.controller.ts';

/** The edge: webhooks in, tenants and connections, and one way to what the other services know. */
@Module({})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return {
      module: GatewayModule,
      imports: [OutboundModule.forService(config), graphModule(config)],
      controllers: [
        SessionEvents, PersonAnswersEvents, PeopleController, TenantsController, TenantDomainsController, TenantExportController, WorkspacesController, ApiKeysController, ConnectionsController, AuthorisationsController, OAuthPagesController, SetUpController, MappingsController, RecordsController, CallsController, StateMachineController, OrderComparisonsController, OrdersController,
        ShipmentsController, ShippingStockController, AttributionController, AttributionSettingsController, SyncsController, IdentityController, SyncTroubleController, JobsController, TenantDeadLettersController, LineageController, AuditController, OperatorAuditController, LeadsController,
        LeadFormsController, FormPostsController, CallerController, OperatorController, InstallationFiguresController, OperatorDeadLettersController,
        FlagsController, OperationsController, InterfaceController, GraphqlController,
      ],
      providers: [
        WebhookReceiver, WebhookStore, WebhookMetrics, WebhookSources, WebhookReplay, TenantRepository, TenantDomainRepository, TenantErasureTasks, PersonRequestTasks, WorkspaceRepository, CallerWorkspaces, ApiKeyRepository, ApiKeyOwners, EdgeCallers, EndedSessions, LastingCallers, IdempotentCalls, LeadFormRepository, CrmAccounts, Lineages, EventStreams, StateStreams, Acts, TenantJobs, TenantDeadLetters, ConnectionReading, ConnectionBudgets,
        ...connectionsProviders(config),
        ...graphProviders(config),
        { provide: Grafana, useValue: new Grafana(config.grafanaUrl) },
        { provide: FlagStore, useFactory: (database: TenantDatabase) => new FlagStore(database), inject: [TenantDatabase] },
        {
          provide: PersonRequests,
          useFactory: (database: TenantDatabase, publisher: EventPublisher, queue: TaskQueue) =>
            new PersonRequests({ database, publisher, queue, vaultKeys: config.vaultKeys, quietMs: config.personErasureQuietSeconds * 1_000 }),
          inject: [TenantDatabase, EventPublisher, TaskQueue],
        },
        {
          provide: CallerQuota,
          useFactory: (redis: Redis) => new CallerQuota({ redis, keyPrefix: config.topicPrefix, requests: config.callerRequestsPerMinute, windowSeconds: 60 }),
          inject: [Redis],
        },
        { provide: WebhookRetention, useFactory: (retention: Retention) => new WebhookRetention(retention, config.webhookRetentionDays), inject: [Retention] },
        CallerQuotaInterceptor, IdempotencyInterceptor, AuditInterceptor,
        { provide: APP_INTERCEPTOR, useClass: EdgeInterceptor },
        { provide: RecentAnswers, useValue: new RecentAnswers({ keptMs: 600_000, maxCharacters: 32 * 1_048_576 }) },
        {
          provide: IngestConnections,
          useFactory: (connections: ConnectionStore, vault: CredentialVault, database: TenantDatabase) =>
            new IngestConnections({ connections, vault, database }),
          inject: [ConnectionStore, CredentialVault, TenantDatabase],
        },
        {
          provide: WEBHOOK_SOURCES,
          useFactory: (connections: IngestConnections, publisher: EventPublisher) => [
            new ConnectionWebhookSource(wooCommerceWebhooks, { connections, publisher }),
            new HubSpotWebhookSource({ connections, publisher, publicUrl: config.publicUrl, clientSecrets: config.hubspotClientSecrets }),
            new ConnectionWebhookSource(dynamicsWebhooks, { connections, publisher }),
            new ConnectionWebhookSource(shippoWebhooks, { connections, publisher }),
            new ConnectionWebhookSource(pipedriveWebhooks, { connections, publisher }),
            new ConnectionWebhookSource(zohoWebhooks, { connections, publisher }),
          ],
          inject: [IngestConnections, EventPublisher],
        },
        {
          provide: ServiceTokenClient,
          useFactory: () => new ServiceTokenClient({ issuerUrl: config.authIssuerUrl, clientId: 'gateway', privateJwk: config.serviceClientKeyFile }),
        },
        {
          provide: InternalClient,
          useFactory: (tokens: ServiceTokenClient) => new InternalClient(tokens, {
            'auth-sso': config.authIssuerUrl, 'crm-hubspot': config.crmHubspotUrl, 'crm-salesforce': config.crmSalesforceUrl,
            'crm-pipedrive': config.crmPipedriveUrl, 'crm-dynamics': config.crmDynamicsUrl, 'crm-zoho': config.crmZohoUrl,
            orders: config.ordersUrl, shipping: config.shippingUrl, attribution: config.attributionUrl, sync: config.syncUrl, journal: config.journalUrl,
          }),
          inject: [ServiceTokenClient],
        },
      ],
    };
  }
}
