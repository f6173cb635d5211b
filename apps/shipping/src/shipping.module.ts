import { ConnectionHealth, Connections, ConnectionStore } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient } from '@crossdock/vendor-shippo';
import { Module, type DynamicModule } from '@nestjs/common';
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

@Module({})
export class ShippingModule {
  static forService(config: ShippingConfig): DynamicModule {
    return {
      module: ShippingModule,
      imports: [OutboundModule.forService(config)],
      controllers: [ShippingEvents, ShipmentsController],
      providers: [
        {
          provide: Connections,
          useFactory: (database: TenantDatabase, publisher: EventPublisher, metrics: Registry) =>
            new Connections({ database, publisher, metrics, service: 'shipping', keys: config.vaultKeys }),
          inject: [TenantDatabase, EventPublisher, Registry],
        },
        { provide: ConnectionStore, useFactory: ({ store }: Connections) => store, inject: [Connections] },
        { provide: ConnectionHealth, useFactory: ({ health }: Connections) => health, inject: [Connections] },
        {
          provide: ShippoClient,
          useFactory: (http: OutboundHttp, { vault }: Connections) => new ShippoClient({ http, vault, apiUrl: config.shippoApiUrl }),
          inject: [OutboundHttp, Connections],
        },
        TrackingService,
        LabelPurchaseTasks,
        ShipmentService,
      ],
    };
  }
}
