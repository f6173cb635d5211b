import { ConnectionStore, CredentialVault } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient } from '@crossdock/vendor-shippo';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { LabelPurchaseTasks } from './label-purchase.tasks.ts';
import { Shipment } from './shipment.entity.ts';
import { ShipmentService } from './shipment.service.ts';
import { ShipmentsController } from './shipments.controller.ts';
import type { ShippingConfig } from './shipping.config.ts';
import { ShippingEvents } from './shipping.events.ts';
import { TrackingReport } from './tracking-report.entity.ts';
import { TrackingService } from './tracking.service.ts';

export const shippingEntities = [Shipment, TrackingReport];

type ModuleSettings = Pick<ShippingConfig, 'shippoApiUrl' | 'vaultKeys' | 'outboundAllowPrivateNetworks'>;

@Module({})
export class ShippingModule implements OnApplicationShutdown {
  readonly #http: OutboundHttp;

  constructor(http: OutboundHttp) {
    this.#http = http;
  }

  static forService(settings: ModuleSettings): DynamicModule {
    return {
      module: ShippingModule,
      controllers: [ShippingEvents, ShipmentsController],
      providers: [
        {
          provide: OutboundHttp,
          useFactory: (metrics: Registry, logger: Logger) =>
            new OutboundHttp({ metrics, logger, allowPrivateNetworks: settings.outboundAllowPrivateNetworks }),
          inject: [Registry, LOGGER],
        },
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        {
          provide: ShippoClient,
          useFactory: (http: OutboundHttp, database: TenantDatabase) =>
            new ShippoClient({ http, vault: new CredentialVault(database, settings.vaultKeys), apiUrl: settings.shippoApiUrl }),
          inject: [OutboundHttp, TenantDatabase],
        },
        TrackingService,
        LabelPurchaseTasks,
        ShipmentService,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#http.close();
  }
}
