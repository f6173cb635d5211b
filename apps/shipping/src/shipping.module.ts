import { ConnectionStore, CredentialVault } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient } from '@crossdock/vendor-shippo';
import { Module, type DynamicModule } from '@nestjs/common';
import { LabelPurchaseTasks } from './label-purchase.tasks.ts';
import { Shipment } from './shipment.entity.ts';
import { ShipmentService } from './shipment.service.ts';
import { ShipmentsController } from './shipments.controller.ts';
import type { ShippingConfig } from './shipping.config.ts';
import { ShippingEvents } from './shipping.events.ts';
import { TrackingReport } from './tracking-report.entity.ts';
import { TrackingService } from './tracking.service.ts';

export const shippingEntities = [Shipment, TrackingReport];

@Module({})
export class ShippingModule {
  static forService(config: ShippingConfig): DynamicModule {
    return {
      module: ShippingModule,
      imports: [OutboundModule.forService(config)],
      controllers: [ShippingEvents, ShipmentsController],
      providers: [
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        {
          provide: ShippoClient,
          useFactory: (http: OutboundHttp, database: TenantDatabase) =>
            new ShippoClient({ http, vault: new CredentialVault(database, config.vaultKeys), apiUrl: config.shippoApiUrl }),
          inject: [OutboundHttp, TenantDatabase],
        },
        TrackingService,
        LabelPurchaseTasks,
        ShipmentService,
      ],
    };
  }
}
