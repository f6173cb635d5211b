import { ConnectionHealth, Connections, ConnectionStore } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, ShippoManifests } from '@crossdock/vendor-shippo';
import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { LabelPurchaseTasks } from './labels/label-purchase.tasks.ts';
import { LabelRefundTasks } from './labels/label-refund.tasks.ts';
import { RateQuoting } from './labels/rate-quotes.ts';
import { RateSelection } from './labels/rate-selection.ts';
import { DailyManifests } from './manifests/daily-manifests.ts';
import { ManifestTasks } from './manifests/manifest.tasks.ts';
import { ManifestsController } from './manifests/manifests.controller.ts';
import { ShippingPolicyController } from './policy/shipping-policy.controller.ts';
import { SampleKitsController } from './samples/sample-kits.controller.ts';
import { SampleRequestsController } from './samples/sample-requests.controller.ts';
import { SampleFollowing } from './samples/sample-following.ts';
import { SampleRequests } from './samples/sample-requests.service.ts';
import { ShipmentBatches } from './shipments/shipment-batch.ts';
import { Shipment } from './shipments/shipment.entity.ts';
import { ShipmentService } from './shipments/shipment.service.ts';
import { ShipmentLookUpController } from './shipments/shipment-look-up.controller.ts';
import { ShipmentsController } from './shipments/shipments.controller.ts';
import { timesOf, type ShippingConfig } from './shipping.config.ts';
import { ShippingEvents } from './shipping.events.ts';
import { ShippingMetrics } from './shipping-metrics.ts';
import { SHIPPING_TIMES } from './shipping-times.ts';
import { ParcelLookTasks } from './tracking/parcel-look.tasks.ts';
import { TrackingReport } from './tracking/tracking-report.entity.ts';
import { TrackingService } from './tracking/tracking.service.ts';

export const shippingEntities = [Shipment, TrackingReport];

@Module({})
export class ShippingModule {
  static forService(config: ShippingConfig): DynamicModule {
    return {
      module: ShippingModule,
      imports: [OutboundModule.forService(config)],
      controllers: [ShippingEvents, ShipmentLookUpController, ShipmentsController, ShippingPolicyController, SampleKitsController, SampleRequestsController, ManifestsController],
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
        {
          provide: ShippoManifests,
          useFactory: (http: OutboundHttp, { vault }: Connections) => new ShippoManifests({ http, vault, apiUrl: config.shippoApiUrl }),
          inject: [OutboundHttp, Connections],
        },
        { provide: SHIPPING_TIMES, useValue: timesOf(config) },
        ShippingMetrics,
        TrackingService,
        ParcelLookTasks,
        RateSelection,
        LabelRefundTasks,
        LabelPurchaseTasks,
        ManifestTasks,
        DailyManifests,
        ShipmentService,
        ShipmentBatches,
        RateQuoting,
        SampleRequests,
        SampleFollowing,
      ],
    };
  }
}
