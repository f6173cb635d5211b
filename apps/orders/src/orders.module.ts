import { ConnectionHealth, Connections, ConnectionStore } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { WooCommerceOrderSource } from '@crossdock/vendor-woocommerce';
import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ComparisonsController } from './comparison/comparisons.controller.ts';
import { OrderComparisons } from './comparison/order-comparisons.ts';
import { ORDER_COMPARISON_DAYS, ScheduledComparisons } from './comparison/scheduled-comparisons.ts';
import { DEAL_POLL_SECONDS, DealFollowing } from './deals/deal-following.ts';
import { OrderDeals } from './deals/order-deals.service.ts';
import { OrderMoves } from './moves/order-moves.ts';
import { OrderCrm } from './order-crm.service.ts';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';
import { OrderEvents } from './order.events.ts';
import { OrderService } from './order.service.ts';
import { OrderSources } from './order-sources.ts';
import type { OrdersConfig } from './orders.config.ts';
import { OrderLookUpController } from './order-look-up.controller.ts';
import { OrdersController } from './orders.controller.ts';
import { PersonalRecords } from './personal-records.ts';
import { OrderLookUps } from './shop-polling/order-look-ups.ts';
import { SHOP_POLL_SECONDS, ShopPollTasks } from './shop-polling/shop-poll.tasks.ts';
import { PUBLIC_URL, ShopWebhooks } from './shop-polling/shop-webhooks.ts';
import { ShopReferenceTasks } from './shop-writing/shop-reference.tasks.ts';
import { ShopWriteTasks } from './shop-writing/shop-write.tasks.ts';
import { MachineAdministration } from './state-machine/machine-administration.ts';
import { MachineController } from './state-machine/machine.controller.ts';
import { OrderTimelines } from './timeline/order-timeline.ts';
import { OrderMachines } from './state-machine/machine.repository.ts';
import { TransitionMetrics } from './moves/transition-metrics.ts';

export const orderEntities = [CustomerOrder, OrderDecision];

@Module({})
export class OrdersModule {
  static forService(config: OrdersConfig): DynamicModule {
    return {
      module: OrdersModule,
      imports: [OutboundModule.forService(config)],
      controllers: [OrderEvents, ComparisonsController, MachineController, OrderLookUpController, OrdersController],
      providers: [
        {
          provide: Connections,
          useFactory: (database: TenantDatabase, publisher: EventPublisher, metrics: Registry) =>
            new Connections({ database, publisher, metrics, service: 'orders', keys: config.vaultKeys }),
          inject: [TenantDatabase, EventPublisher, Registry],
        },
        { provide: ConnectionStore, useFactory: ({ store }: Connections) => store, inject: [Connections] },
        { provide: ConnectionHealth, useFactory: ({ health }: Connections) => health, inject: [Connections] },
        {
          provide: OrderSources,
          useFactory: (http: OutboundHttp, { vault }: Connections) => new OrderSources([new WooCommerceOrderSource({ http, vault })]),
          inject: [OutboundHttp, Connections],
        },
        { provide: SHOP_POLL_SECONDS, useValue: config.shopPollSeconds },
        { provide: DEAL_POLL_SECONDS, useValue: config.dealPollSeconds },
        DealFollowing,
        PersonalRecords,
        MachineAdministration,
        { provide: PUBLIC_URL, useValue: config.publicUrl },
        { provide: ORDER_COMPARISON_DAYS, useValue: config.orderComparisonDays },
        OrderComparisons,
        OrderCrm,
        OrderDeals,
        OrderLookUps,
        OrderMachines,
        OrderMoves,
        OrderService,
        ScheduledComparisons,
        OrderTimelines,
        ShopPollTasks,
        ShopWebhooks,
        ShopReferenceTasks,
        ShopWriteTasks,
        TransitionMetrics,
      ],
    };
  }
}
