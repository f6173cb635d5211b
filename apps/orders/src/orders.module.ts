import { ConnectionStore, CredentialVault } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { OutboundModule } from '@crossdock/outbound-service';
import { TenantDatabase } from '@crossdock/tenancy';
import { WooCommerceClient } from '@crossdock/vendor-woocommerce';
import { Module, type DynamicModule } from '@nestjs/common';
import { OrderCrm } from './order-crm.service.ts';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';
import { OrderEvents } from './order.events.ts';
import { OrderService } from './order.service.ts';
import type { OrdersConfig } from './orders.config.ts';
import { OrdersController } from './orders.controller.ts';
import { SHOP_POLL_SECONDS, ShopPollTasks } from './shop-polling/shop-poll.tasks.ts';

export const orderEntities = [CustomerOrder, OrderDecision];

@Module({})
export class OrdersModule {
  static forService(config: OrdersConfig): DynamicModule {
    return {
      module: OrdersModule,
      imports: [OutboundModule.forService(config)],
      controllers: [OrderEvents, OrdersController],
      providers: [
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        {
          provide: WooCommerceClient,
          useFactory: (http: OutboundHttp, database: TenantDatabase) =>
            new WooCommerceClient({ http, vault: new CredentialVault(database, config.vaultKeys) }),
          inject: [OutboundHttp, TenantDatabase],
        },
        { provide: SHOP_POLL_SECONDS, useValue: config.shopPollSeconds },
        OrderCrm,
        OrderService,
        ShopPollTasks,
      ],
    };
  }
}
