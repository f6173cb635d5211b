import type { ServiceDefinition } from '@crossdock/service-kit';
import { shippingConfig } from './shipping.config.ts';
import { shippingEntities, ShippingModule } from './shipping.module.ts';

/** What shipping is made of, for its process and for tests. */
export const shippingDefinition: ServiceDefinition<typeof shippingConfig> = {
  name: 'shipping',
  config: shippingConfig,
  entities: shippingEntities,
  module: (config) => ShippingModule.forService(config),
};
