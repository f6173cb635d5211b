import { runService } from '@crossdock/service-kit';
import { ordersConfig } from './orders.config.ts';
import { orderEntities, OrdersModule } from './orders.module.ts';

await runService({
  name: 'orders',
  config: ordersConfig,
  entities: orderEntities,
  module: (config) => OrdersModule.forService(config),
});
