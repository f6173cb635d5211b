import { ConnectionStore } from '@crossdock/connections';
import { ServiceTokensModule } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule } from '@nestjs/common';
import { CrmRequestRecord } from './crm-request.entity.ts';
import { OrderCrm } from './order-crm.service.ts';
import { OrderDecision } from './order-decision.entity.ts';
import { CustomerOrder } from './order.entity.ts';
import { OrderEvents } from './order.events.ts';
import { OrderService } from './order.service.ts';
import type { OrdersConfig } from './orders.config.ts';
import { OrdersController } from './orders.controller.ts';

export const orderEntities = [CustomerOrder, OrderDecision, CrmRequestRecord];

@Module({})
export class OrdersModule {
  static forService({ authIssuerUrl }: Pick<OrdersConfig, 'authIssuerUrl'>): DynamicModule {
    return {
      module: OrdersModule,
      imports: [ServiceTokensModule.forService({ name: 'orders', issuerUrl: authIssuerUrl })],
      controllers: [OrderEvents, OrdersController],
      providers: [
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        OrderCrm,
        OrderService,
      ],
    };
  }
}
