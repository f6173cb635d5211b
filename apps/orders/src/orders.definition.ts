import type { ServiceDefinition } from '@crossdock/service-kit';
import { ordersConfig } from './orders.config.ts';
import { orderEntities, OrdersModule } from './orders.module.ts';

/** What orders is made of, for its process and for tests. */
export const ordersDefinition: ServiceDefinition<typeof ordersConfig> = {
  name: 'orders',
  config: ordersConfig,
  entities: orderEntities,
  module: (config) => OrdersModule.forService(config),
};
