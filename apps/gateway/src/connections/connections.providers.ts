import type { InjectionToken, Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Authorisations, ConnectionHealth, Connections, ConnectionStore, ConnectionUpkeep, CredentialVault, KeyDeliveries, measureConnections, openAuthorisations, ReEncryption } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { TenantDatabase } from '@crossdock/tenancy';
import type { GatewayConfig } from '../gateway.config.ts';
import { AuthorisationLinks } from './authorisation-links.ts';
import { ConnectableVendors } from './connectable-vendors.ts';
import { ConnectionUpkeepTasks } from './connection-upkeep.tasks.ts';
import { DisconnectTasks } from './disconnect.tasks.ts';
import { ReEncryptionTasks } from './re-encryption.tasks.ts';
import { SecretChanges } from './secret-changes.ts';
import { VENDOR_AUTHORISATIONS, vendorAuthorisations, type VendorAuthorisations } from './vendor-authorisations.ts';

type OpenedAuthorisations = ReturnType<typeof openAuthorisations>;
const OPENED_AUTHORISATIONS: InjectionToken<OpenedAuthorisations> = Symbol('OPENED_AUTHORISATIONS');

/** All that connecting accounts and keeping them alive takes. */
export function connectionsProviders(config: GatewayConfig): Provider[] {
  const part = (token: InjectionToken, take: (connections: Connections) => unknown): Provider =>
    ({ provide: token, useFactory: take, inject: [Connections] });
  return [
    { provide: VENDOR_AUTHORISATIONS, useFactory: (http: OutboundHttp) => vendorAuthorisations(http, config), inject: [OutboundHttp] },
    {
      provide: Connections,
      useFactory: (database: TenantDatabase, publisher: EventPublisher, metrics: Registry, refreshers: VendorAuthorisations) => {
        measureConnections(metrics, database);
        return new Connections({ database, publisher, metrics, refreshers, service: 'gateway', keys: config.vaultKeys });
      },
      inject: [TenantDatabase, EventPublisher, Registry, VENDOR_AUTHORISATIONS],
    },
    part(ConnectionStore, ({ store }) => store),
    part(CredentialVault, ({ vault }) => vault),
    part(ConnectionHealth, ({ health }) => health),
    { provide: AuthorisationLinks, useFactory: () => new AuthorisationLinks(config) },
    {
      provide: OPENED_AUTHORISATIONS,
      useFactory: (database: TenantDatabase, publisher: EventPublisher, connections: Connections, vendors: VendorAuthorisations, links: AuthorisationLinks) =>
        openAuthorisations({
          database, publisher, connections, vendors, redirectUri: links.redirectUri, deliveryUriOf: (vendor) => links.deliveryUri(vendor), keys: config.vaultKeys,
        }),
      inject: [TenantDatabase, EventPublisher, Connections, VENDOR_AUTHORISATIONS, AuthorisationLinks],
    },
    { provide: Authorisations, useFactory: ({ authorisations }: OpenedAuthorisations) => authorisations, inject: [OPENED_AUTHORISATIONS] },
    { provide: KeyDeliveries, useFactory: ({ deliveries }: OpenedAuthorisations) => deliveries, inject: [OPENED_AUTHORISATIONS] },
    {
      provide: ConnectionUpkeep,
      useFactory: (database: TenantDatabase, connections: Connections, vendors: VendorAuthorisations) =>
        new ConnectionUpkeep({ database, connections, vendors, probeEveryMs: config.connectionProbeSeconds * 1_000 }),
      inject: [TenantDatabase, Connections, VENDOR_AUTHORISATIONS],
    },
    { provide: ReEncryption, useFactory: (database: TenantDatabase) => new ReEncryption(database, config.vaultKeys), inject: [TenantDatabase] },
    ConnectionUpkeepTasks, ReEncryptionTasks, DisconnectTasks, SecretChanges, ConnectableVendors,
  ];
}
